namespace OutageAggregator.Web.Admission;

/// <summary>
/// Refuses who calls too often, before anything else is done for them. Every answer says what is left, in the
/// fields of draft-ietf-httpapi-ratelimit-headers: <c>RateLimit-Policy: "reports";q=30;w=60</c> and <c>RateLimit: "reports";r=29;t=60</c>.
/// Reports are counted by address and, in IPv6, by /48 as well; withdrawals and additions by address only. Limits count real seconds, also
/// where the server's own clock is a simulated one.
/// </summary>
internal sealed class AdmissionMiddleware(RequestDelegate next, RateTable table, LimitSettings limits)
{
    private readonly Policy _reads = new("reads", 0, limits.ReadsPerMinute, "address");
    private readonly Policy _writes = new("reports", 1, limits.ReportsPerMinute, "address");
    private readonly Policy _networkWrites = new(
        "network-reports", 2, Math.Min(limits.ReportsPerMinute * LimitSettings.NetworkFactor, RateTable.MaxLimit), "IPv6 network (/48)");

    public Task InvokeAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        var policy = IsReport(context.Request) ? _writes : _reads;
        if (policy.Limit == 0 || IsProbe(context.Request))
            return next(context);

        var verdict = Judge(caller, context.Request, ref policy);
        var headers = context.Response.Headers;
        headers[RateFields.Policy] = policy.Header;
        headers[RateFields.Limit] = $"{policy.Prefix}{verdict.Remaining};t={verdict.ResetSeconds}";
        if (verdict.Allowed)
            return next(context);
        return new ProblemAnswer(ProblemTypes.TooManyRequests, $"At most {policy.Limit} {(policy.Number == 0 ? "requests" : "reports")} a "
            + $"minute are taken from one {policy.Unit}; try again in {verdict.RetrySeconds} s.")
        { RetryAfterSeconds = verdict.RetrySeconds }.ExecuteAsync(context);
    }

    // A refused request spends nothing, neither of the address nor of the network: the network is looked at first, and counted once the
    // address may go on. Requests that come at the same instant may pass it together by as many as they are.
    private RateVerdict Judge(Caller caller, HttpRequest request, ref Policy policy)
    {
        var now = table.Now;
        var network = ReferenceEquals(policy, _writes) && !AddsNothing(request) ? caller.Network : null;
        if (network is { } asked
            && table.Take(asked, _networkWrites.Number, _networkWrites.Limit, now, counts: false) is { Allowed: false } refused)
        {
            policy = _networkWrites;
            return refused;
        }
        var verdict = table.Take(caller.Number, policy.Number, policy.Limit, now);
        if (verdict.Allowed && network is { } counted)
            _ = table.Take(counted, _networkWrites.Number, _networkWrites.Limit, now);
        return verdict;
    }

    // Who shares a network with a crowd must be able to take back what was counted, or to say more of it: that adds nothing to the counts.
    private static bool AddsNothing(HttpRequest request) => HttpMethods.IsDelete(request.Method) || HttpMethods.IsPatch(request.Method)
        || (request.Path.Value is { } path && (path.EndsWith("/withdraw", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith("/details", StringComparison.OrdinalIgnoreCase)));

    // Whoever watches over the server must not take it for dead because its own address has read too much. These answers cost nothing.
    private static bool IsProbe(HttpRequest request) => request.Path == "/healthz" || request.Path == "/readyz";

    // Batches carry a key and up to 1,000 reports each: they count as one read of the address that sends them.
    private static bool IsReport(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method)
        && ((request.Path.StartsWithSegments("/api/v1/reports", StringComparison.OrdinalIgnoreCase, out var rest) && rest != "/batch")
            || request.Path.Equals("/api/v1/proposals", StringComparison.OrdinalIgnoreCase));

    private sealed record Policy(string Name, byte Number, int Limit, string Unit)
    {
        internal StringValues Header { get; } = $"\"{Name}\";q={Limit};w=60";
        internal string Prefix { get; } = $"\"{Name}\";r=";
    }
}
