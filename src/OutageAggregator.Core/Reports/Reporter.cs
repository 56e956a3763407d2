namespace OutageAggregator.Core.Reports;

/// <summary>Who reported: 128 bits of a keyed hash. Never an address, and without the key nothing leads back to one.</summary>
public readonly record struct Reporter(ulong High, ulong Low)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
