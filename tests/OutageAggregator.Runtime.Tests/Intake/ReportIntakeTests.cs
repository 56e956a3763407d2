using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Storage.Memory;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Runtime.Tests.Intake;

public sealed class ReportIntakeTests
{
    private static readonly WatchKey s_key = new(ServiceSlug.Parse("chatgpt"), Region.Parse("IT"));

    [Fact]
    public async Task Every_report_is_answered_with_its_own_id_and_outcome()
    {
        var store = new MemoryCountStore();
        await using var intake = new ReportIntake(new StoringWatches(store), TimeProvider.System, new IntakeSettings());

        var answers = await Task.WhenAll(Enumerable.Range(0, 10_000)
            .Select(i => intake.RecordAsync(s_key, A.Report(reporter: i % 5_000), CancellationToken.None).AsTask()));

        Assert.Equal(10_000, answers.Select(a => a.Id).Distinct().Count());
        Assert.Equal(5_000, answers.Count(a => a.Receipt.Outcome == ReportOutcome.Counted));
        Assert.Equal(5_000, answers.Count(a => a.Receipt.Outcome == ReportOutcome.Duplicate));
        foreach (var counted in answers.Where(a => a.Receipt.Outcome == ReportOutcome.Counted).Take(100))
            Assert.True((await store.WithdrawAsync(counted.Id, CancellationToken.None))!.First);
    }
}

/// <summary>The least that makes watches: every batch goes to the store.</summary>
internal sealed class StoringWatches(ICountStore store) : IWatches
{
    public async Task<IReadOnlyList<Receipt>> RecordAsync(ReportBatch batch, CancellationToken cancellation) =>
        (await store.AppendAsync(batch, cancellation)).Receipts;

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation) =>
        await store.WithdrawAsync(id, cancellation) is not null;
}

internal static class A
{
    public static Report Report(int reporter) => new(
        new Reporter(1, (ulong)reporter), ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Web), Minute.Of(TimeProvider.System.GetUtcNow()));
}
