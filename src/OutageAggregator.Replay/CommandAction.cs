using OutageAggregator.Runtime.Settings;
using OutageAggregator.Storage;

namespace OutageAggregator.Replay;

/// <summary>What was asked for can't be done; the message is one line that says why, and what to do where something can be done.</summary>
internal sealed class ReplayException(string message, Exception? inner = null) : Exception(message, inner);

internal static class CommandAction
{
    /// <summary>Sets what a command does. A failure that its user can mend is one line on standard error, without a stack trace.</summary>
    /// <param name="failure">Exit code of such a failure.</param>
    internal static Command Does(this Command command, int failure, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (line, cancellation) =>
        {
            try
            {
                return await run(line, cancellation);
            }
            catch (Exception e) when (e is ReplayException or SettingsException or StoreUnavailableException
                or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return failure;
            }
        });
        return command;
    }
}
