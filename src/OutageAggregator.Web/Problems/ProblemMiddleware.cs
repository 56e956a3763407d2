using System.Diagnostics;

namespace OutageAggregator.Web.Problems;

/// <summary>
/// Gives every error that leaves the application its problem details: what a handler threw, and what the framework answered with a
/// status and no body. Only requests that Kestrel refuses before there is a request get Kestrel's own empty answer. As the outermost of
/// ours, it knows how long each of them takes.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, RequestTimes times, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var startedAt = Stopwatch.GetTimestamp();
        // What is thrown after the answer has begun breaks it off, whatever its status says.
        var isBrokenOff = true;
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null })
                await Explain(context).ExecuteAsync(context);
            isBrokenOff = false;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
            isBrokenOff = false;
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var answer = Explain(e);
            if (answer.Type == ProblemTypes.InternalError)
                LogBroken(log, context.Request.Method, Route(context), e);
            var (policy, left) = (context.Response.Headers[RateFields.Policy], context.Response.Headers[RateFields.Limit]);
            context.Response.Clear();
            SecurityHeaders.Apply(context);
            // Who is told to come again has to know what is left of the quota.
            context.Response.Headers[RateFields.Policy] = policy;
            context.Response.Headers[RateFields.Limit] = left;
            await answer.ExecuteAsync(context);
            isBrokenOff = false;
        }
        finally
        {
            times.Record(context, startedAt, isBrokenOff);
        }
    }

    private static ProblemAnswer Explain(Exception exception) => exception switch
    {
        IntakeFullException => new(ProblemTypes.IntakeFull, "Nothing was stored; try again in a second.") { RetryAfterSeconds = 1 },
        // Soon: while the store is away an attempt costs next to nothing, and the wait adds to what a short absence costs people.
        StoreUnavailableException =>
            new(ProblemTypes.StoreUnavailable, "The store does not answer; try again in a few seconds.") { RetryAfterSeconds = 2 },
        BadHttpRequestException bad => new(TypeOf(bad.StatusCode), bad.Message),
        _ => new(ProblemTypes.InternalError, "The request could not be completed. The fault was noted; trying again may help."),
    };

    private static ProblemAnswer Explain(HttpContext context)
    {
        var request = context.Request;
        var type = TypeOf(context.Response.StatusCode);
        var path = PlainText.Quote($"{request.PathBase.Value}{request.Path.Value}", 200);
        return new ProblemAnswer(type, context.Response.StatusCode switch
        {
            404 => $"Nothing is at {path}.",
            405 => $"{path} does not take {PlainText.Quote(request.Method)}; it takes {context.Response.Headers.Allow}.",
            415 => $"{path} does not take the Content-Type '{PlainText.Quote(request.ContentType)}'.",
            _ => type.Explanation,
        });
    }

    // A status that no type stands for (408, 414) keeps its number.
    private static ProblemType TypeOf(int status) => ProblemTypes.OfStatus(status) with { Status = status };

    // The pattern, not the path: what people type belongs in no log.
    private static string Route(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no endpoint";

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} failed with an unexpected error")]
    private static partial void LogBroken(ILogger log, string method, string route, Exception exception);
}
