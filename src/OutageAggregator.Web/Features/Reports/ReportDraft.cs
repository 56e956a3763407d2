namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// A report while it is being read: each field is judged as it comes, whatever it came in (JSON, form, batch line), so that all of them
/// are judged alike and every fault is named at once. A mutable struct that its reader owns: a report costs no object of its own.
/// </summary>
internal struct ReportDraft(Catalog catalog, bool isOfBatch) : IFields
{
    /// <summary>The longest comment, in characters as people count them (extended grapheme clusters of UAX 29).</summary>
    private const int MaxCommentCharacters = 280;

    /// <summary>And in UTF-16 units, because a character may carry any number of marks.</summary>
    internal const int MaxCommentUnits = 4 * MaxCommentCharacters;
    private const int MaxSuggestions = 5;
    private static readonly string s_longComment = $"The comment is too long: at most {MaxCommentCharacters} characters.";

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
    public readonly ReadOnlySpan<string> Names => ReportFields.Known(isOfBatch);
    public readonly bool MayBeNull(int field) => (ReportField)field is not (ReportField.Service or ReportField.Reporter);
    public readonly string Unknown(string field) => ReportFields.Unknown(field, Names);
    public void Fail(string field, string message) => (Errors ??= new FieldErrors()).Add(field, message);

    /// <summary>Takes a field's text; what is wrong with it goes to <see cref="Errors"/>.</summary>
    public void Set(int field, ReadOnlySpan<char> text)
    {
        var of = (ReportField)field;
        var fault = text.Length <= of.MaxLength() ? PlainText.Fault(text) ?? Take(of, text)
            : of == ReportField.Comment ? s_longComment
            : $"The text is too long: at most {of.MaxLength()} characters.";
        if (fault is not null)
            Fail(of.Name(), fault);
    }

    /// <summary>Judges what only the whole report can tell. Null where it can be counted.</summary>
    /// <param name="now">The server's clock: <c>occurredAt</c> is measured against it.</param>
    /// <param name="suggest">Whether to look for names near an unknown service's, which costs a scan of the catalog.</param>
    public ProblemAnswer? Check(DateTimeOffset now, bool suggest = true)
    {
        if (_occurredAt is { } at)
        {
            if (now - at > ReportRules.TooOldAfter)
                Fail(ReportField.OccurredAt.Name(), $"{Times.Text(at)} is more than 24 hours ago; here it is {Times.Text(now)}. Older "
                    + "reports are not taken.");
            else if (at - now > ReportRules.TooEarlyBefore)
                Fail(ReportField.OccurredAt.Name(), $"{Times.Text(at)} is more than 2 minutes ahead; here it is {Times.Text(now)}. Check "
                    + "your clock and your offset from UTC.");
        }
        if (Service is null && _unknownService is null && Errors?.Has(ReportField.Service.Name()) != true)
            Fail(ReportField.Service.Name(), "A report needs a service: a slug such as 'chatgpt', a name or an alias. GET "
                + "/api/v1/services lists them.");
        if (_unknownService is null)
            return Errors is null ? null : ProblemAnswer.InvalidInput(Errors);

        var near = suggest ? catalog.Search(_unknownService, MaxSuggestions) : [];
        var message = near.Count > 0
            ? $"No service is called '{_unknownService}'. Did you mean {string.Join(" or ", near.Select(s => $"{s.Slug} ({s.Name})"))}?"
            : $"No service is called '{_unknownService}'. GET /api/v1/services lists them.";
        if (Errors is null)
            return new ProblemAnswer(ProblemTypes.UnknownService, message) { Suggestions = near, Errors = FieldErrors.Of("service", message) };
        Fail(ReportField.Service.Name(), message);
        return ProblemAnswer.InvalidInput(Errors);
    }

    /// <summary>The report, of a draft that <see cref="Check"/> found no fault with.</summary>
    /// <param name="now">What <see cref="Check"/> was given: the time of a report that states none.</param>
    /// <param name="storedAt">When it is stored, where that is later than <paramref name="now"/>: what comes late to the counts is
    /// late.</param>
    public readonly (WatchKey Key, Report Report) Finish(
        Reporter reporter, Region region, DateTimeOffset now, DateTimeOffset? storedAt = null)
    {
        // A clock that is ahead by what we allow speaks of now: nothing can be counted in a minute that has not come.
        var at = _occurredAt is { } stated && stated < now ? stated : now;
        var cell = ReportCell.Of(_kind, _problem, _surface, late: (storedAt ?? now) - at > ReportRules.LateAfter);
        var remark = _comment is null && _wentTo is null ? null : new Remark(_comment, _wentTo);
        return (new WatchKey(Service!.Slug, region), new Report(reporter, cell, Minute.Of(at), remark));
    }

    /// <summary>Null, or what is wrong with the text of a field. But for a reporter, an empty one is as good as none.</summary>
    private string? Take(ReportField field, ReadOnlySpan<char> text)
    {
        if (field == ReportField.TimeZone)
            ZoneRegion = TimeZoneRegions.Find(text);
        if (field == ReportField.Reporter)
            Reporter = text.ToString();
        return field switch
        {
            ReportField.Reporter when text.IsEmpty => "The reporter is empty: send your own opaque id of the user, 1 to 128 characters.",
            ReportField.OccurredAt => TakeTime(text),
            _ when text.IsEmpty => null,
            ReportField.Service => TakeService(text.ToString()),
            ReportField.Problem => TakeCode(field, text, ReportCodes.Problems, ref _problem),
            ReportField.Surface => TakeCode(field, text, ReportCodes.Surfaces, ref _surface),
            ReportField.Kind => TakeCode(field, text, ReportCodes.Kinds, ref _kind),
            ReportField.Region => TakeRegion(text),
            ReportField.Comment => TakeComment(text.Trim()),
            ReportField.WentTo => TakeWentTo(text.ToString()),
            _ => null,
        };
    }

    private string? TakeTime(ReadOnlySpan<char> text)
    {
        if (!Rfc3339.TryParse(text, out var at))
            return $"'{PlainText.Quote(text)}' is not a time of RFC 3339: write it as 2024-11-09T00:10:00Z.";
        _occurredAt = at;
        return null;
    }

    // What no service is called is judged with the whole report, which may suggest others.
    private string? TakeService(string name)
    {
        Service = ServiceLookup.Find(catalog, name);
        if (Service is null && !string.IsNullOrWhiteSpace(name))
            _unknownService = name;
        return null;
    }

    private string? TakeWentTo(string name)
    {
        _wentTo = ServiceLookup.Find(catalog, name)?.Slug;
        if (_wentTo is not null)
            return null;
        var near = catalog.Search(name, 3);
        return near.Count > 0
            ? $"No service is called '{name}'. Did you mean {string.Join(" or ", near.Select(s => s.Slug.ToString()))}? Leave it out where "
                + "it is not listed."
            : $"No service is called '{name}'. Leave it out where it is not listed.";
    }

    private string? TakeRegion(ReadOnlySpan<char> text)
    {
        if (!Core.Services.Region.TryParse(text.ToString(), out var region))
            return $"'{PlainText.Quote(text)}' is not a region: send two letters of ISO 3166-1 such as IT, or ZZ for unknown.";
        if (region == Core.Services.Region.World)
            return "'world' is the sum of all regions; a report comes from one: send two letters of ISO 3166-1 such as IT, or ZZ for "
                + "unknown.";
        Region = region;
        return null;
    }

    private string? TakeComment(ReadOnlySpan<char> trimmed)
    {
        if (trimmed.Length > MaxCommentCharacters && CountCharacters(trimmed) > MaxCommentCharacters)
            return s_longComment;
        _comment = trimmed.IsEmpty ? _comment : trimmed.ToString();
        return null;
    }

    private static int CountCharacters(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
            text = text[StringInfo.GetNextTextElementLength(text)..];
        return count;
    }

    // The codes are indexed by the enumeration's numbers.
    private static string? TakeCode<T>(ReportField field, ReadOnlySpan<char> text, IReadOnlyList<string> codes, ref T value)
        where T : unmanaged, Enum
    {
        for (byte i = 0; i < codes.Count; i++)
        {
            if (text.SequenceEqual(codes[i]))
            {
                value = Unsafe.BitCast<byte, T>(i);
                return null;
            }
        }
        return $"'{PlainText.Quote(text)}' is not a {field.Name()}. Allowed: {string.Join(", ", codes)}.";
    }
}
