namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// Waits for an answer for so long, and looks once more before it says that none came: a process that got no processor for a while finds the time over
/// first, and the answer that came meanwhile right after. The second look takes a tenth of the time, and never less than 100 ms.
/// </summary>
internal static class SecondLook
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(100);

    /// <exception cref="TimeoutException">No answer came, at the second look either.</exception>
    /// <exception cref="OperationCanceledException">There is no use in waiting any more.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> answer, TimeSpan time, TimeProvider clock, CancellationToken hopeless)
    {
        try
        {
            return await answer.WaitAsync(time, clock, hopeless);
        }
        catch (TimeoutException)
        {
            return await answer.WaitAsync(time / 10 > s_least ? time / 10 : s_least, clock, hopeless);
        }
    }
}
