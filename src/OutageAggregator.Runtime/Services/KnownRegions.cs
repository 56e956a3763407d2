namespace OutageAggregator.Runtime.Services;

/// <summary>
/// What countries and territories are called: data/regions/names.tsv, which is part of the program. It is read when something is asked that
/// is no code: most servers never need it.
/// </summary>
public static class KnownRegions
{
    private const char Field = '\t';
    private const char Entry = '|';

    private static readonly Lazy<RegionNames> s_names = new(Read);

    public static RegionNames Names => s_names.Value;

    private static RegionNames Read()
    {
        using var stream = typeof(KnownRegions).Assembly.GetManifestResourceStream("regions/names.tsv")!;
        using var reader = new StreamReader(stream);
        var entries = new List<RegionEntry>(256);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(Field);
            var zones = fields[3].Split(Entry, StringSplitOptions.RemoveEmptyEntries);
            entries.Add(new RegionEntry(Region.Parse(fields[0]), fields[1].Split(Entry), fields[2].Split(Entry), zones));
        }
        return new RegionNames(entries);
    }
}
