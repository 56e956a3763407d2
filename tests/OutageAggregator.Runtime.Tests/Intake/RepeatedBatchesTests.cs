using System.Globalization;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Tests.Intake;

/// <summary>The ring of a data folder, opened anew.</summary>
public sealed class RingContractTests : RepeatedBatchesContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outage-ring-").FullName;
    private readonly List<RepeatedBatches> _open = [];

    public void Dispose()
    {
        foreach (var batches in _open)
            batches.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    protected override IRepeatedBatches Open()
    {
        _open.Add(RepeatedBatches.Open(_folder));
        return _open[^1];
    }
}

public sealed class RepeatedBatchesTests : IDisposable
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.Parse("2024-11-09T00:10:00Z", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("outage-ring-").FullName;

    private string File => Path.Combine(_folder, RepeatedBatches.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_batch_is_remembered_with_its_body_and_instant_across_a_restart()
    {
        using (var batches = RepeatedBatches.Open(_folder))
            Assert.Equal(new BatchMemory(s_now, true), await batches.BeginAsync(1, 10, s_now, CancellationToken.None));
        using (var batches = RepeatedBatches.Open(_folder))
        {
            Assert.Equal(new BatchMemory(s_now, true), await batches.BeginAsync(1, 10, s_now.AddHours(23), CancellationToken.None));
            Assert.Equal(new BatchMemory(s_now, false), await batches.BeginAsync(1, 11, s_now.AddHours(23), CancellationToken.None));
        }
    }

    [Fact]
    public void A_ring_that_can_not_be_opened_stops_the_start_with_its_name()
    {
        _ = Directory.CreateDirectory(File);

        var failure = Assert.Throws<SettingsException>(() => RepeatedBatches.Open(_folder));
        Assert.Contains(File, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Allowed:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_day_it_is_a_new_one()
    {
        using var batches = RepeatedBatches.Open(_folder);
        await batches.BeginAsync(1, 10, s_now, CancellationToken.None);
        Assert.Equal(new BatchMemory(s_now.AddDays(1), true), await batches.BeginAsync(1, 11, s_now.AddDays(1), CancellationToken.None));
        Assert.Equal(new BatchMemory(s_now.AddDays(1), false), await batches.BeginAsync(1, 10, s_now.AddDays(1), CancellationToken.None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    public async Task A_note_that_a_crash_tore_was_never_made_and_those_before_it_stand(int kept)
    {
        using (var batches = RepeatedBatches.Open(_folder))
        {
            await batches.BeginAsync(1, 10, s_now, CancellationToken.None);
            await batches.BeginAsync(2, 20, s_now, CancellationToken.None);
        }
        await using (var file = new FileStream(File, FileMode.Open))
            file.SetLength(64 + kept);
        using (var batches = RepeatedBatches.Open(_folder))
        {
            Assert.False((await batches.BeginAsync(1, 11, s_now, CancellationToken.None)).IsSameBody);
            Assert.True((await batches.BeginAsync(2, 21, s_now, CancellationToken.None)).IsSameBody);
            Assert.True((await batches.BeginAsync(3, 30, s_now, CancellationToken.None)).IsSameBody);
        }
        using (var batches = RepeatedBatches.Open(_folder))
            Assert.False((await batches.BeginAsync(2, 20, s_now, CancellationToken.None)).IsSameBody);
    }

    [Fact]
    public async Task The_ring_forgets_the_oldest_when_it_is_full_and_never_grows()
    {
        const int Slots = 131_072;
        using var batches = RepeatedBatches.InMemory();
        for (var i = 0; i <= Slots; i++)
            await batches.BeginAsync((UInt128)i, 1, s_now, CancellationToken.None);
        Assert.False((await batches.BeginAsync(1, 2, s_now, CancellationToken.None)).IsSameBody);
        Assert.True((await batches.BeginAsync(0, 2, s_now, CancellationToken.None)).IsSameBody);
    }
}
