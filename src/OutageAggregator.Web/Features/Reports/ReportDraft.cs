using System.Globalization;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// A report while it is being read: each field is judged as it comes, whatever it came in (JSON, form, batch line), so that all of them
/// are judged alike and every fault is named at once. A mutable struct that its reader owns: a report costs no object of its own.
/// </summary>
internal struct ReportDraft(Catalog catalog)
{
    /// <summary>The longest comment, in characters as people count them (extended grapheme clusters of UAX 29).</summary>
    public const int MaxCommentCharacters = 280;

    /// <summary>And in UTF-16 units, because a character may carry any number of marks.</summary>
    public const int MaxCommentUnits = 4 * MaxCommentCharacters;

    private const int MaxSuggestions = 5;

    private Problem _problem;
    private Surface _surface;
    private ReportKind _kind;
    private DateTimeOffset? _occurredAt;
    private string? _comment;
    private ServiceSlug? _wentTo;
    private string? _unknownService;

    public Service? Service { get; private set; }

    /// <summary>As stated; null where the sender left it to us.</summary>
    public Region? Region { get; private set; }

    /// <summary>Of the time zone stated; null where there is none or it belongs to no one country.</summary>
    public Region? ZoneRegion { get; private set; }

    public string? Reporter { get; private set; }

    public FieldErrors? Errors { get; private set; }

    public void Fail(string field, string message) => (Errors ??= new FieldErrors()).Add(field, message);

    /// <summary>Takes a field's text; what is wrong with it goes to <see cref="Errors"/>.</summary>
    public void Set(ReportField field, ReadOnlySpan<char> text)
    {
        if (text.Length > field.MaxLength())
        {
            Fail(field.Name(), field == ReportField.Comment
                ? $"The comment is too long: at most {MaxCommentCharacters} characters."
                : string.Create(CultureInfo.InvariantCulture, $"The text is too long: at most {field.MaxLength()} characters."));
            return;
        }
        if (PlainText.Fault(text) is { } fault)
        {
            Fail(field.Name(), fault);
            return;
        }
        switch (field)
        {
            case ReportField.Service:
                SetService(text);
                break;
            case ReportField.Problem:
                SetCode(field, text, ReportCodes.Problems, ref _problem);
                break;
            case ReportField.Surface:
                SetCode(field, text, ReportCodes.Surfaces, ref _surface);
                break;
            case ReportField.Kind:
                SetCode(field, text, ReportCodes.Kinds, ref _kind);
                break;
            case ReportField.Region:
                SetRegion(text);
                break;
            case ReportField.OccurredAt:
                if (Rfc3339.TryParse(text, out var at))
                    _occurredAt = at;
                else
                    Fail(field.Name(), $"'{PlainText.Quote(text)}' is not a time of RFC 3339: write it as 2024-11-09T00:10:00Z.");
                break;
            case ReportField.Comment:
                SetComment(text);
                break;
            case ReportField.WentTo:
                SetWentTo(text);
                break;
            case ReportField.TimeZone:
                ZoneRegion = TimeZoneRegions.Find(text);
                break;
            case ReportField.Reporter:
                if (text.IsEmpty)
                    Fail(field.Name(), "The reporter is empty: send your own opaque id of the user, 1 to 128 characters.");
                else
                    Reporter = text.ToString();
                break;
        }
    }

    /// <summary>Judges what only the whole report can tell. Null where it can be counted.</summary>
    /// <param name="now">The server's clock: <c>occurredAt</c> is measured against it.</param>
    /// <param name="suggest">Whether to look for names near an unknown service's, which costs a scan of the catalog.</param>
    public ProblemAnswer? Check(DateTimeOffset now, bool suggest = true)
    {
        if (_occurredAt is { } at)
        {
            if (now - at > ReportRules.TooOldAfter)
                Fail(ReportField.OccurredAt.Name(), $"{Show(at)} is more than 24 hours ago; here it is {Show(now)}. Older reports are not taken.");
            else if (at - now > ReportRules.TooEarlyBefore)
                Fail(ReportField.OccurredAt.Name(), $"{Show(at)} is more than 2 minutes ahead; here it is {Show(now)}. Check your clock and your offset from UTC.");
        }
        if (Service is null && _unknownService is null && !HasFailed(ReportField.Service))
            Fail(ReportField.Service.Name(), "A report needs a service: a slug such as 'chatgpt', a name or an alias. GET /api/v1/services lists them.");
        if (_unknownService is null)
            return Errors is null ? null : ProblemAnswer.InvalidInput(Errors);

        var near = suggest ? catalog.Search(_unknownService, MaxSuggestions) : [];
        var message = near.Count > 0
            ? $"No service is called '{_unknownService}'. Did you mean {string.Join(" or ", near.Select(s => $"{s.Slug} ({s.Name})"))}?"
            : $"No service is called '{_unknownService}'. GET /api/v1/services lists them.";
        if (Errors is null)
            return new ProblemAnswer(ProblemTypes.UnknownService, message) { Suggestions = near, Errors = FieldErrors.Of(ReportField.Service.Name(), message) };
        Fail(ReportField.Service.Name(), message);
        return ProblemAnswer.InvalidInput(Errors);
    }

    /// <summary>The report, of a draft that <see cref="Check"/> found no fault with.</summary>
    /// <param name="reporter">Who.</param>
    /// <param name="region">Where it is counted.</param>
    /// <param name="now">What <see cref="Check"/> was given: the time of a report that states none.</param>
    /// <param name="storedAt">When it is stored, where that is later than <paramref name="now"/>: what comes late to the counts is late.</param>
    public readonly (WatchKey Key, Report Report) Finish(Reporter reporter, Region region, DateTimeOffset now, DateTimeOffset? storedAt = null)
    {
        // A clock that is ahead by what we allow speaks of now: nothing can be counted in a minute that has not come.
        var at = _occurredAt is { } stated && stated < now ? stated : now;
        var cell = ReportCell.Of(_kind, _problem, _surface, late: (storedAt ?? now) - at > ReportRules.LateAfter);
        var remark = _comment is null && _wentTo is null ? null : new Remark(_comment, _wentTo);
        return (new WatchKey(Service!.Slug, region), new Report(reporter, cell, Minute.Of(at), remark));
    }

    private readonly bool HasFailed(ReportField field)
    {
        var name = field.Name();
        return Errors is { } errors && errors.Items.Any(e => e.Field == name);
    }

    private void SetService(ReadOnlySpan<char> text)
    {
        var name = text.ToString();
        Service = Find(name);
        if (Service is null && !string.IsNullOrWhiteSpace(name))
            _unknownService = name;
    }

    private readonly Service? Find(string name) =>
        (ServiceSlug.TryParse(name, out var slug) ? catalog.Find(slug) : null) ?? catalog.Resolve(name);

    private void SetWentTo(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        var name = text.ToString();
        _wentTo = Find(name)?.Slug;
        if (_wentTo is null)
        {
            var near = catalog.Search(name, 3);
            Fail(ReportField.WentTo.Name(), near.Count > 0
                ? $"No service is called '{name}'. Did you mean {string.Join(" or ", near.Select(s => s.Slug.ToString()))}? Leave it out where it is not listed."
                : $"No service is called '{name}'. Leave it out where it is not listed.");
        }
    }

    private void SetRegion(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (!Core.Services.Region.TryParse(text.ToString(), out var region))
            Fail(ReportField.Region.Name(), $"'{PlainText.Quote(text)}' is not a region: send two letters of ISO 3166-1 such as IT, or ZZ for unknown.");
        else if (region == Core.Services.Region.World)
            Fail(ReportField.Region.Name(), "'world' is the sum of all regions; a report comes from one: send two letters of ISO 3166-1 such as IT, or ZZ for unknown.");
        else
            Region = region;
    }

    private void SetComment(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        if (trimmed.IsEmpty)
            return;
        if (trimmed.Length > MaxCommentCharacters && CountCharacters(trimmed) > MaxCommentCharacters)
            Fail(ReportField.Comment.Name(), $"The comment is too long: at most {MaxCommentCharacters} characters.");
        else
            _comment = trimmed.ToString();
    }

    private static int CountCharacters(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
            text = text[StringInfo.GetNextTextElementLength(text)..];
        return count;
    }

    // The codes are indexed by the enumeration's numbers.
    private void SetCode<T>(ReportField field, ReadOnlySpan<char> text, IReadOnlyList<string> codes, ref T value) where T : unmanaged, Enum
    {
        if (text.IsEmpty)
            return;
        for (byte i = 0; i < codes.Count; i++)
        {
            if (text.SequenceEqual(codes[i]))
            {
                value = System.Runtime.CompilerServices.Unsafe.BitCast<byte, T>(i);
                return;
            }
        }
        Fail(field.Name(), $"'{PlainText.Quote(text)}' is not a {field.Name()}. Allowed: {string.Join(", ", codes)}.");
    }

    private static string Show(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
