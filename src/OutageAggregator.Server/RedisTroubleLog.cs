namespace OutageAggregator.Server;

/// <summary>
/// Tells operators when Redis stops answering and when it answers again: one line each, and what <c>/readyz</c> says meanwhile.
/// </summary>
internal static partial class RedisTroubleLog
{
    /// <param name="services">Of the server.</param>
    /// <param name="trouble">A sentence, or null where calls succeed again.</param>
    public static void Tell(IServiceProvider services, string? trouble)
    {
        var readiness = services.GetRequiredService<Readiness>();
        // What fails may be told in other words meanwhile; operators hear of it once.
        var isKnown = readiness.WhatIsMissing().Any(m => m.Contains("Redis at ", StringComparison.Ordinal));
        Readiness.TellStore(services, trouble);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("OutageAggregator.Redis");
        if (trouble is null)
            Answers(log);
        else if (!isKnown && readiness.HasStandIn(ReadyPart.Store))
            FailsBeforeSpool(log, trouble);
        else if (!isKnown)
            Fails(log, trouble);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble} Reports are answered 503 until it is back")]
    private static partial void Fails(ILogger log, string trouble);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble} Reports wait in the spool until it is back")]
    private static partial void FailsBeforeSpool(ILogger log, string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers again")]
    private static partial void Answers(ILogger log);
}
