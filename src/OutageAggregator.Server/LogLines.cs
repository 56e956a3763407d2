using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace OutageAggregator.Server;

/// <summary>How log lines look as long as <c>Logging</c> says nothing else: one line each, with its time in UTC.</summary>
internal static class LogLines
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>
    /// The host logs why it could not start, with its stack trace, before the caller can put it in words; until it has started, that one
    /// logger is kept quiet.
    /// </summary>
    public static void Set(ILoggingBuilder logging, Func<bool> started)
    {
        _ = logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started() && level >= LogLevel.Warning);
        // Without a name of a formatter the framework overwrites its options with those of older versions.
        SetFirst<ConsoleLoggerOptions>(logging, o => o.FormatterName = ConsoleFormatterNames.Simple);
        SetFirst<SimpleConsoleFormatterOptions>(logging, o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp) = (true, Time + " ", true));
        SetFirst<JsonConsoleFormatterOptions>(logging, o => (o.TimestampFormat, o.UseUtcTimestamp) = (Time, true));
    }

    // Before the framework's own, which read what the settings say: those win.
    private static void SetFirst<T>(ILoggingBuilder logging, Action<T> set) where T : class =>
        logging.Services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<T>>(new ConfigureOptions<T>(set)));
}
