using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OutageAggregator.Core.Verdicts;
using OutageAggregator.Storage;

namespace OutageAggregator.TestKit.Web;

/// <summary>
/// The application on the night of 9 November 2024: two weeks of quiet, a resolved incident of ChatGPT four days ago, and one that has
/// been open for 20 minutes. The first one was reviewed. The clock stands still unless a test moves it, and moves no timer then.
/// </summary>
internal static class PageWorld
{
    internal static readonly DateTimeOffset Now = new(2024, 11, 9, 0, 21, 30, TimeSpan.Zero);

    private static readonly ServiceSlug s_chatgpt = ServiceSlug.Parse("chatgpt");

    /// <param name="configure">Registers what differs.</param>
    /// <param name="folder">Data folder for SQLite; null for a memory store.</param>
    /// <param name="now">Another time for all of it to have happened before; null is <see cref="Now"/>.</param>
    internal static async Task<(WebApp App, JumpingClock Clock)> StartAsync(
        Action<IServiceCollection>? configure = null, string? folder = null, DateTimeOffset? now = null)
    {
        var clock = new JumpingClock(now ?? Now);
        var app = await WebApp.StartAsync(services =>
        {
            configure?.Invoke(services);
            services.AddSingleton<TimeProvider>(clock);
            // Started first, so that the watches find it all in the stores.
            services.AddHostedService<Seed>();
        }, folder: folder);
        return (app, clock);
    }

    internal static async Task<string> PageAsync(this WebApp app, string address)
    {
        using var answer = await app.Client.GetAsync(address);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return await answer.Content.ReadAsStringAsync();
    }

    private sealed class Seed(ICountStore counts, IIncidentLog log, IReviewLog reviews, TimeProvider clock) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var time = clock.GetUtcNow();
            var now = Minute.Of(time);
            await counts.ObserveAsync(new MinuteRange(now - (14 * Minute.PerDay), now + 1), cancellationToken);
            await counts.ObserveAsync(time, cancellationToken);
            var quiet = Enumerable.Range(0, 14 * Minute.PerDay).Where(m => m % 10 == 0).Select(m => Down(now - m, Problem.Slow, Surface.Web, 1));
            await counts.ImportAsync(new WatchKey(s_chatgpt, Region.Parse("US")), [.. quiet.OrderBy(c => c.Minute)], cancellationToken);
            var surge = Enumerable.Range(0, 20).Select(m => Down(now - m, Problem.Login, Surface.Ios, 50));
            var late = new CellCount(now - 12, ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Web, late: true), 7);
            var back = new CellCount(now - 1, ReportCell.Of(ReportKind.Back, Problem.Login, Surface.Web), 4);
            await counts.ImportAsync(new WatchKey(s_chatgpt, Region.Parse("IT")), [.. surge.OrderBy(c => c.Minute), late, back], cancellationToken);
            await log.AppendAsync(Events(now), cancellationToken);
            await reviews.AppendAsync(
                new Review(new IncidentId(s_chatgpt, 1), ReviewVerdict.Collateral, "The sign-in of another service failed; ChatGPT itself answered.", time.AddDays(-3), "desk"),
                cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private static CellCount Down(Minute minute, Problem problem, Surface surface, int count) =>
            new(minute, ReportCell.Of(ReportKind.Down, problem, surface), count);

        private static IncidentEvent[] Events(Minute now)
        {
            var evidence = new Evidence("negative-binomial", "5 minutes", Region.World, 5, 214, 0.5, 6, -342.4, 214, 6);
            var from = now - 5_800;
            var past = new Incident(
                new IncidentId(s_chatgpt, 1), IncidentState.Open, from, (from + 3).Start, new Peak(from + 9, 71), null, null, 2.9,
                [new Phase(PhaseKind.Onset, from, null)], [], evidence with { Log10PValue = -7.6 });
            var over = past with
            {
                State = IncidentState.Resolved,
                EndedAt = from + 41,
                ResolvedAt = (from + 50).Start,
                Phases =
                [
                    new Phase(PhaseKind.Onset, from, from + 4), new Phase(PhaseKind.Peak, from + 4, from + 20),
                    new Phase(PhaseKind.Recovery, from + 20, from + 41), new Phase(PhaseKind.End, from + 41, from + 41),
                ],
            };
            var current = new Incident(
                new IncidentId(s_chatgpt, 2), IncidentState.Open, now - 19, (now - 17).Start, new Peak(now - 9, 51), null, null, 4.1,
                [new Phase(PhaseKind.Onset, now - 19, null)], [Region.Parse("IT")], evidence);
            return
            [
                new IncidentEvent(s_chatgpt, 1, IncidentEventKind.Opened, past.DetectedAt, ServiceStatus.Outage, past),
                new IncidentEvent(s_chatgpt, 2, IncidentEventKind.Resolved, over.ResolvedAt.Value, ServiceStatus.Normal, over),
                new IncidentEvent(s_chatgpt, 3, IncidentEventKind.Opened, current.DetectedAt, ServiceStatus.Outage, current),
            ];
        }
    }
}

/// <summary>A clock that a test moves; its timers never fire, so nothing observes the minutes it jumps over.</summary>
internal sealed class JumpingClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    internal void Jump(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
