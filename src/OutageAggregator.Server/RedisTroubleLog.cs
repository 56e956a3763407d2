namespace OutageAggregator.Server;

/// <summary>
/// Tells operators when Redis stops answering and when it answers again: one line each, and what <c>/readyz</c> says meanwhile.
/// </summary>
internal sealed partial class RedisTroubleLog
{
    private bool _isTold;

    /// <summary>The link to Redis tells one thing after the other.</summary>
    /// <param name="services">Of the server.</param>
    /// <param name="trouble">A sentence, or null where calls succeed again.</param>
    public void Tell(IServiceProvider services, string? trouble)
    {
        Readiness.TellStore(services, trouble);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("OutageAggregator.Redis");
        if (trouble is null)
            Answers(log);
        // What fails may be told in other words meanwhile; operators hear of it once.
        else if (!_isTold && services.GetRequiredService<Readiness>().HasStandIn())
            FailsBeforeSpool(log, trouble);
        else if (!_isTold)
            Fails(log, trouble);
        _isTold = trouble is not null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble} Reports are answered 503 until it is back")]
    private static partial void Fails(ILogger log, string trouble);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble} Reports wait in the spool until it is back")]
    private static partial void FailsBeforeSpool(ILogger log, string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers again")]
    private static partial void Answers(ILogger log);
}
