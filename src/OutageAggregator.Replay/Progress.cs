namespace OutageAggregator.Replay;

/// <summary>
/// A progress line on standard error: a bar that is redrawn on a terminal, a line for every tenth where output is kept in a file.
/// </summary>
internal sealed class Progress(string what, long total)
{
    private const int Width = 40;

    private readonly Lock _gate = new();
    private long _done;
    private int _shown = -1;

    /// <summary>Adds to what is done; may be called from many threads.</summary>
    internal void Add(long amount)
    {
        lock (_gate)
        {
            _done += amount;
            var percent = (int)(_done * 100 / Math.Max(1, total));
            var step = Console.IsErrorRedirected ? 10 : 1;
            if (percent / step == _shown / step && _shown >= 0)
                return;
            _shown = percent;
            if (Console.IsErrorRedirected)
                Console.Error.WriteLine($"{what}: {percent} %");
            else
                Console.Error.Write($"\r{what} [{new string('#', percent * Width / 100),-Width}] {percent,3} %{(percent == 100 ? "\n" : "")}");
        }
    }
}
