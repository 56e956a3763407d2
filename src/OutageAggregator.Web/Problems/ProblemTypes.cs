namespace OutageAggregator.Web.Problems;

/// <summary>Every kind of error, by status.</summary>
public sealed record ProblemTypeList(ImmutableArray<ProblemType> Items);

/// <summary>A kind of error.</summary>
// RFC 9457's problem type. Its address is stable, so that programs may compare it, and answers with its explanation, so that people may
// open it; its code, in kebab case, is the last part of it.
public sealed record ProblemType(string Code, int Status, string Title, string Explanation)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = $"/problems/{Code}";

    /// <summary>The same where the site is mounted under a path.</summary>
    internal ProblemType Below(PathString root) => root.HasValue ? this with { Type = $"{root.Value}{Type}" } : this;
}

/// <summary>Every problem type of the application: the list behind <c>/problems</c>. A new one is one line here.</summary>
public static class ProblemTypes
{
    public static readonly ProblemType InvalidInput = new("invalid-input", 400, "Something in the request can't be used",
        "The request was understood, but a field, parameter or header holds something that is not allowed. 'errors' names each one, says "
        + "what is wrong and what may be written.");
    public static readonly ProblemType MalformedBody = new("malformed-body", 400, "The body can't be read",
        "The body is not what its Content-Type says: JSON that breaks the grammar of RFC 8259, text that is not UTF-8, or a form that is "
        + "not properly encoded. 'detail' names the place.");
    public static readonly ProblemType BadRequest = new("bad-request", 400, "The request can't be read",
        "The request breaks the rules of HTTP, or a part of its address is not of the type that is expected there.");
    public static readonly ProblemType KeyRequired = new("key-required", 401, "A key is required",
        "This address needs a key that the operator of this server gave out. Send it as 'Authorization: Bearer KEY'.");
    public static readonly ProblemType KeyUnknown = new("key-unknown", 401, "The key is not known here",
        "The key in the Authorization header is none of this server's. Check for a cut or a line break, or ask the operator for a new "
        + "one.");
    public static readonly ProblemType ScopeMissing = new("scope-missing", 403, "The key may not do this",
        "The key is known, but was not given the scope that this address needs; 'detail' names it. The operator of the server can add it.");
    public static readonly ProblemType CrossSite = new("cross-site", 403, "Other sites may not send reports for their visitors",
        "A browser said that the request was started by a page of another site. A report counts only when a person presses the button "
        + "here; programs send JSON without an Origin header. Where a page of this very site is refused, 'detail' says what its operator has "
        + "to set.");
    public static readonly ProblemType NotFound = new("not-found", 404, "There is nothing at this address",
        "The address is misspelt, or what it named is gone.");
    public static readonly ProblemType UnknownService = new("unknown-service", 404, "No service has this name",
        "Services are named by their slug, their name or an alias. 'suggestions' holds what comes near; GET /api/v1/services?query= "
        + "searches.");
    public static readonly ProblemType UnknownReport = new("unknown-report", 404, "There is no such report",
        "Reports can be withdrawn for a day and added to for 30 minutes, with the address that came with their receipt. The answer is the "
        + "same for an unknown report, one that was withdrawn, and a wrong token.");
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "This address does not take this method",
        "The Allow header names the methods that it takes.");
    public static readonly ProblemType AlreadyListed = new("already-listed", 409, "This is listed already",
        "What was proposed is a service of the catalog, which 'suggestions' names. Nothing was counted: send the report to that service.");
    public static readonly ProblemType AlreadyAccepted = new("already-accepted", 409, "This proposal was accepted before",
        "A proposal becomes one service, and a slug is one service's. 'detail' names the one that stands; nothing was changed.");
    public static readonly ProblemType DetailsTooLate = new("details-too-late", 410, "It is too late to add to this report",
        "More can be added to a report for 30 minutes, as long as its sender can't make another one. It can be withdrawn for a day.");
    public static readonly ProblemType BodyTooLarge = new("body-too-large", 413, "The body is too large",
        "A report is at most 4 KiB (4,096 bytes), as a form 12 KiB (12,288 bytes); a batch at most 1,000 lines and 256 KiB (262,144 "
        + "bytes); a review at most 16 KiB (16,384 bytes), an accepted service 32 KiB (32,768 bytes).");
    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The body is of a type that is not taken here",
        "'detail' names the Content-Type that this address takes. Bodies are UTF-8 and not compressed.");
    public static readonly ProblemType IdempotencyConflict = new("idempotency-conflict", 422, "This Idempotency-Key was used for another body",
        "A repeated Idempotency-Key means 'the same request again'. Within a day it can't be used for a different body: choose a new one "
        + "for each batch.");
    public static readonly ProblemType TooManyRequests = new("too-many-requests", 429, "Too many requests",
        "This address sent more than it may in a minute, or holds as many live streams open as it may. RateLimit-Policy says how many it "
        + "may send, Retry-After in how many seconds it may go on.");
    public static readonly ProblemType InternalError = new("internal-error", 500, "Something broke on the server",
        "The fault is the server's and was noted there. Trying again may help.");
    public static readonly ProblemType IntakeFull = new("intake-full", 503, "More reports are waiting than can be stored at once",
        "Nothing was stored. Try again after the seconds in Retry-After.");
    public static readonly ProblemType StoreUnavailable = new("store-unavailable", 503, "Reports can't be stored or read just now",
        "What was sent may not have been stored. Try again after the seconds in Retry-After: a report that was stored after all is not "
        + "counted twice.");
    public static readonly ProblemType NotReady = new("not-ready", 503, "Reports are not accepted yet",
        "The server is starting, or lost something it needs. 'detail' names what is missing.");
    public static readonly ProblemType TooManyListeners = new("too-many-listeners", 503, "Every place for a live listener is taken",
        "This server serves a limited number of live listeners (its setting Live:MaxSubscribers). Try again after the seconds in "
        + "Retry-After, or read now and then instead.");

    public static ImmutableArray<ProblemType> All { get; } =
    [
        InvalidInput, MalformedBody, BadRequest, KeyRequired, KeyUnknown, ScopeMissing, CrossSite, NotFound, UnknownService,
        UnknownReport, MethodNotAllowed, AlreadyListed, AlreadyAccepted, DetailsTooLate, BodyTooLarge, UnsupportedMediaType, IdempotencyConflict,
        TooManyRequests, InternalError, IntakeFull, StoreUnavailable, NotReady, TooManyListeners,
    ];

    /// <summary>The type for an error that only has a status: what the framework answers by itself.</summary>
    public static ProblemType OfStatus(int status) => status switch
    {
        401 => KeyRequired,
        403 => ScopeMissing,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => BodyTooLarge,
        415 => UnsupportedMediaType,
        429 => TooManyRequests,
        503 => StoreUnavailable,
        >= 500 => InternalError,
        _ => BadRequest,
    };
}
