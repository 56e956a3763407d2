namespace OutageAggregator.Web.Http;

/// <summary>What takes the fields of a flat body as <see cref="StrictJson"/> or <see cref="PlainForm"/> reads them, each a text.</summary>
internal interface IFields
{
    internal const string Twice = "The field is there twice; send it once.";

    /// <summary>The fields that are known. By their places among them they are told.</summary>
    ReadOnlySpan<string> Names { get; }

    /// <summary>True where null, which many serialisers send for an optional field, is the same as leaving it out.</summary>
    bool MayBeNull(int field);

    /// <summary>True where <c>true</c> and <c>false</c> are taken as well, as texts.</summary>
    bool MayBeTruth(int field);

    /// <summary>True where a list of texts is taken as well: each is set, in order.</summary>
    bool MayBeList(int field) => false;

    /// <summary>A list begins, which may be empty.</summary>
    void Begin(int field) { }
    void Set(int field, ReadOnlySpan<char> text);
    void Fail(string field, string message);

    /// <summary>What is said of a field that is not known.</summary>
    string Unknown(string field);
}
