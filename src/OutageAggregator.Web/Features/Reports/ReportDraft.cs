using OutageAggregator.Runtime.Services;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// A report while it is being read: each field is judged as it comes, whatever it came in (JSON, form, batch line), so that all of them
/// are judged alike and every fault is named at once. What is optional never costs the report: it is cleaned (<see cref="CleanText"/>),
/// and where it is not understood it is left out, with a note. What a report means hangs on its service, kind and time, and on the reporter
/// of a partner: faults there refuse it. A mutable struct that its reader owns: a report costs no object of its own.
/// </summary>
internal struct ReportDraft(Catalog catalog, ReportForm form) : IFields
{
    /// <summary>The longest comment, in characters as people count them.</summary>
    private const int MaxCommentCharacters = 280;
    private const int MaxSuggestions = 5;

    private Problem? _problem;
    private Surface? _surface;
    private ReportKind _kind;
    private DateTimeOffset? _occurredAt;
    private string? _comment;
    private ServiceSlug? _wentTo;
    private bool? _wentToWorked;
    private string? _unknownService;

    public Service? Service { get; private set; }

    /// <summary>As stated; null where the sender left it to us.</summary>
    public Region? Region { get; private set; }

    /// <summary>Of the time zone stated; null where there is none or it belongs to no one country.</summary>
    public Region? ZoneRegion { get; private set; }
    public string? Reporter { get; private set; }
    public FieldErrors? Errors { get; private set; }

    /// <summary>What was not understood, and left out; null where nothing was.</summary>
    public ReportNotes? Notes { get; private set; }

    /// <summary>What was said of what can also be told later.</summary>
    public readonly ReportDetails Details => new(_problem, _surface, Region, Remark.Of(_comment, _wentTo, _wentToWorked));
    public readonly ReadOnlySpan<string> Names => ReportFields.Known(form);
    public readonly bool MayBeNull(int field) => (ReportField)field is not (ReportField.Service or ReportField.Reporter);
    public readonly bool MayBeTruth(int field) => (ReportField)field == ReportField.WentToWorked;
    public readonly string Unknown(string field) => ReportFields.Unknown(field, form);

    public void Fail(string field, string message)
    {
        if (ReportFields.IsNeeded(field, form))
            (Errors ??= new FieldErrors()).Add(field, message);
        else
            Note(
                field, message == IFields.Twice ? "The field is there twice; what it says last was taken." : $"{message} It was left out.");
    }

    /// <summary>The fields that details are told in.</summary>
    public static IEnumerable<ReportField> Told(ReportDetails details)
    {
        (ReportField, bool)[] told =
        [
            (ReportField.Problem, details.Problem is not null), (ReportField.Surface, details.Surface is not null),
            (ReportField.Region, details.Region is not null), (ReportField.Comment, details.Remark?.Comment is not null),
            (ReportField.WentTo, details.Remark?.WentTo is not null), (ReportField.WentToWorked, details.Remark?.WentToWorked is not null),
        ];
        return told.Where(t => t.Item2).Select(t => t.Item1);
    }

    /// <summary>The fields of these in which a report says anything; what a form sends of itself says nothing.</summary>
    /// <param name="region">Where it says that it comes from.</param>
    public static IEnumerable<ReportField> Told(Region region, ReportCell cell, Remark? remark) => Told(new ReportDetails(
        cell.Problem == Problem.Unavailable ? null : cell.Problem, cell.Surface == Surface.Unknown ? null : cell.Surface,
        region == Core.Services.Region.Unknown ? null : region, remark));

    public void Note(string field, string message) => (Notes ??= new ReportNotes()).Add(field, message);

    /// <summary>Takes a field's text; what is wrong with it goes to <see cref="Errors"/> or <see cref="Notes"/>.</summary>
    public void Set(int field, ReadOnlySpan<char> text)
    {
        var of = (ReportField)field;
        // Two ids that differ must not become one, so an id is not cleaned.
        var fault = of == ReportField.Reporter ? PlainText.Fault(text) : null;
        if (fault is null && of != ReportField.Reporter)
            text = CleanText.IsPlain(text) ? text.Trim() : CleanText.Of(text);
        fault ??= text.Length > of.MaxLength() ? $"The text is too long: at most {of.MaxLength()} characters." : Take(of, text);
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
        var cell = ReportCell.Of(
            _kind, _problem ?? default, _surface ?? default, late: (storedAt ?? now) - at > ReportRules.LateAfter);
        var remark = Remark.Of(_comment, _wentTo, _wentToWorked);
        return (new WatchKey(Service!.Slug, region), new Report(reporter, cell, Minute.Of(at), remark));
    }

    /// <summary>Null, or what is wrong with the text of a field. But for a reporter, an empty one is as good as none.</summary>
    private string? Take(ReportField field, ReadOnlySpan<char> text)
    {
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
            ReportField.Kind => TakeKind(text),
            ReportField.Region => TakeRegion(text.ToString()),
            ReportField.TimeZone => TakeZone(text),
            ReportField.Comment => TakeComment(text),
            ReportField.WentTo => TakeWentTo(text.ToString()),
            ReportField.WentToWorked => TakeTruth(text),
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
            ? $"No service is called '{PlainText.Quote(name)}'. Did you mean {string.Join(" or ", near.Select(s => s.Slug.ToString()))}?"
            : $"No service is called '{PlainText.Quote(name)}'.";
    }

    private string? TakeRegion(string text)
    {
        var found = RegionLookup.Find(text);
        if (found == Core.Services.Region.World)
            return $"'world' is the sum of all regions, and a report comes from one. {RegionLookup.Advice}.";
        Region = found ?? Region;
        return found is null ? RegionLookup.Unknown(text, isOfMany: false) : null;
    }

    // A zone of no one country, as UTC, says nothing.
    private string? TakeZone(ReadOnlySpan<char> text)
    {
        ZoneRegion = KnownRegions.Names.OfZone(text);
        return ZoneRegion is not null || KnownRegions.Names.IsZone(text.ToString()) ? null
            : $"'{PlainText.Quote(text)}' is no time zone that is known here: send the browser's, such as Europe/Rome.";
    }

    private string? TakeComment(ReadOnlySpan<char> text)
    {
        var cut = CleanText.Cut(text, MaxCommentCharacters);
        if (cut.Length < text.Length)
            Note(ReportField.Comment.Name(), $"The comment is long: its first {MaxCommentCharacters} characters were kept.");
        _comment = cut.ToString();
        return null;
    }

    private string? TakeTruth(ReadOnlySpan<char> text)
    {
        bool? said = text.ToString().ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" => true,
            "false" or "no" or "off" or "0" => false,
            _ => null,
        };
        _wentToWorked = said ?? _wentToWorked;
        return said is null ? $"'{PlainText.Quote(text)}' is neither true nor false." : null;
    }

    private string? TakeKind(ReadOnlySpan<char> text)
    {
        ReportKind? kind = null;
        var fault = TakeCode(ReportField.Kind, text, ReportCodes.Kinds, ref kind);
        _kind = kind ?? default;
        return fault;
    }

    // The codes are indexed by the enumeration's numbers. In any case, and with other marks between words.
    private static string? TakeCode<T>(ReportField field, ReadOnlySpan<char> text, IReadOnlyList<string> codes, ref T? value)
        where T : unmanaged, Enum
    {
        for (byte i = 0; i < codes.Count; i++)
        {
            if (IsCode(text, codes[i]))
            {
                value = Unsafe.BitCast<byte, T>(i);
                return null;
            }
        }
        return $"'{PlainText.Quote(text)}' is not a {field.Name()}. Known: {string.Join(", ", codes)}.";
    }

    private static bool IsCode(ReadOnlySpan<char> text, string code)
    {
        if (text.Length != code.Length)
            return false;
        for (var i = 0; i < code.Length; i++)
        {
            if (char.ToLowerInvariant(text[i]) != code[i] && !(code[i] == '-' && text[i] is ' ' or '_'))
                return false;
        }
        return true;
    }
}
