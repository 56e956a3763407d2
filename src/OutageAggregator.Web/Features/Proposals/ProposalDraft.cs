using OutageAggregator.Runtime.Services;

namespace OutageAggregator.Web.Features.Proposals;

/// <summary>
/// A proposal while it is being read: only a name that is none refuses it. What is optional is cleaned, and left out with a note where it
/// is not understood, as with reports.
/// </summary>
internal struct ProposalDraft() : IFields
{
    internal const string NameField = "name";
    private const string AddressField = "url";
    private const string RegionField = "region";
    private const string ZoneField = "timeZone";
    private const int MaxAddressLength = 2_048;
    private const int MaxOptionalLength = 64;
    private static readonly string[] s_names = [NameField, AddressField, RegionField, ZoneField];
    private readonly FieldErrors _errors = new();
    private string? _address;

    /// <summary>As it was sent, cleaned.</summary>
    internal string Text { get; private set; } = "";

    /// <summary>What it names, of a draft that <see cref="Check"/> found no fault with.</summary>
    internal ProposedName? Proposed { get; private set; }
    internal Region? Region { get; private set; }

    /// <summary>Of the browser's time zone.</summary>
    internal Region? ZoneRegion { get; private set; }
    internal List<ProposalNote> Notes { get; } = [];
    public readonly ReadOnlySpan<string> Names => s_names;
    public readonly bool MayBeNull(int field) => s_names[field] != NameField;
    public readonly bool MayBeTruth(int field) => false;
    public readonly string Unknown(string field) => $"There is no such field. Known: {string.Join(", ", s_names)}.";

    public readonly void Fail(string field, string message)
    {
        if (field == NameField)
            _errors.Add(field, message);
        else if (Notes.Count < FieldErrors.MaxFields)
            Notes.Add(new ProposalNote(field, $"{message} It was left out."));
    }

    public void Set(int field, ReadOnlySpan<char> text)
    {
        var clean = (CleanText.IsPlain(text) ? text.Trim() : CleanText.Of(text)).ToString();
        var most = s_names[field] switch { NameField => ProposedName.MaxLength, AddressField => MaxAddressLength, _ => MaxOptionalLength };
        if (clean.Length > most)
            Fail(s_names[field], $"The text is too long: at most {most} characters.");
        else if (clean.Length > 0)
            Take(s_names[field], clean);
    }

    internal ProblemAnswer? Check()
    {
        if (!_errors.Any && Text.Length == 0)
            Fail(NameField, "A proposal needs what is down: its name, or its address, such as 'Foo Bank' or 'foobank.example'.");
        if (!_errors.Any && (Proposed = ProposedName.Read(Text, _address)) is null)
            Fail(NameField, $"'{PlainText.Quote(Text)}' names no service: send its name alone, or its address, such as 'Foo Bank' or 'foobank.example'.");
        return _errors.Any ? ProblemAnswer.InvalidInput(_errors) : null;
    }

    private void Take(string field, string text)
    {
        if (field == NameField)
            Text = text;
        else if (field == AddressField && (_address = ProposedName.DomainIn(text) is null ? null : text) is null)
            Fail(field, $"'{PlainText.Quote(text)}' is no address of a site, such as https://foobank.example.");
        else if (field == RegionField && (Region = Country(RegionLookup.Find(text))) is null)
            Fail(field, RegionLookup.Unknown(text, isOfMany: false));
        else if (field == ZoneField)
            ZoneRegion = KnownRegions.Names.OfZone(text);
    }

    private static Region? Country(Region? found) => found == Core.Services.Region.World ? null : found;
}
