using OutageAggregator.Server.Clocks;

namespace OutageAggregator.Server.Demo;

/// <summary>
/// Goes on where the history ends: the ordinary noise of all services, and over it the recorded outage, report by report through the
/// intake that real reports take. It looks at the clock every simulated second and sends what is due. Alone, it holds the clock at the end of
/// each minute until what is due in it was taken: a slow machine takes longer, and shows what any other does. A cluster's clock waits for nobody.
/// </summary>
internal sealed partial class DemoCrowd(
    Catalog catalog, RecordedEvent recorded, ClockSetting start, ReportIntake intake, Readiness readiness, TimeProvider clock, IServiceProvider services, ILogger<DemoCrowd> logger,
    SharedDemo? shared = null)
    : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<DemoNoise> _services = DemoWorld.Of(catalog);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, clock);
        var playing = shared?.PlayAsync(stoppingToken) ?? Task.CompletedTask;
        await BeginAsync(stoppingToken);
        // A node that follows others begins where they are.
        var from = Minute.Of(clock.GetUtcNow());
        for (var span = from.FloorTo(DemoNoise.SpanMinutes); !playing.IsFaulted; span += DemoNoise.SpanMinutes)
        {
            var due = new Queue<DemoReport>(Draw(span).Where(r => r.At >= from.Start).OrderBy(r => r.At));
            while (clock.GetUtcNow() < (span + DemoNoise.SpanMinutes).Start || due.Count > 0)
            {
                await SendDueAsync(due);
                _ = await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        await playing;
    }

    /// <summary>Time passes once reports are accepted: a slow machine takes longer to begin, and then shows what any other does.</summary>
    private async Task BeginAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await TryBeginAsync(stoppingToken))
            _ = await look.WaitForNextTickAsync(stoppingToken);
        var wait = (recorded.Excess[0].From.Start - clock.GetUtcNow()) / ((clock as SimulatedClock)?.Speed ?? 1);
        var begins = wait > TimeSpan.Zero ? $"begins in {wait.TotalSeconds:F0} s" : "has begun";
        Console.WriteLine($"A demo: its clock shows {Minute.Of(clock.GetUtcNow())} and is {clock}. The outage of 8 November 2024 {begins}: /services/{recorded.Service}");
    }

    private async Task<bool> TryBeginAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Loading a fortnight of every service takes the processor for a while, in which minutes would pass.
            if (!readiness.WhatIsMissing().IsEmpty || !await services.WatchesWokenAsync())
                return false;
            if (services.GetService<SharedClock>() is { } cluster)
                await cluster.GoAsync(stoppingToken);
            else
                (clock as SimulatedClock)?.Go();
            return true;
        }
        catch (StoreUnavailableException)
        {
            // The server tells it where it tells everybody; it is ready again when Redis is.
            return false;
        }
    }

    private IEnumerable<DemoReport> Draw(Minute span)
    {
        foreach (var report in _services.SelectMany(s => s.Draw(span)).Where(r => Minute.Of(r.At) >= Minute.Of(start.Start)))
            yield return report;
        var random = new Random(span.Number);
        for (var minute = span; minute < span + DemoNoise.SpanMinutes; minute++)
        {
            // The recording's quiet minutes are left out: the demo has a noise of its own.
            if (!recorded.Excess.Any(e => e.Contains(minute)))
                continue;
            foreach (var one in recorded.Reports(minute - recorded.First))
            {
                var cell = ReportCell.Of(ReportKind.Down, one.Problem, one.Surface);
                var key = new WatchKey(recorded.Service, one.Region);
                yield return new DemoReport(recorded.First.Start + one.Offset, key, cell, DemoNoise.Somebody(random));
            }
        }
    }

    private async Task SendDueAsync(Queue<DemoReport> due)
    {
        var now = clock.GetUtcNow();
        var answers = new List<Task>();
        while (due.TryPeek(out var next) && next.At <= now)
        {
            _ = due.Dequeue();
            // Each report is sent by one node; the others only keep up.
            if (shared is null or { Plays: true })
                answers.Add(SendAsync(next));
        }
        await Task.WhenAll(answers);
        if (shared is null)
            (clock as SimulatedClock)?.WaitAt((Minute.Of(now) + 1).Start);
    }

    private async Task SendAsync(DemoReport report)
    {
        try
        {
            _ = await intake.RecordAsync(report.Key, new Report(report.Reporter, report.Cell, Minute.Of(report.At)), CancellationToken.None);
        }
        catch (Exception e) when (e is IntakeFullException or StoreUnavailableException)
        {
            NotTaken(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report of the demo was not taken: {Reason}")]
    private partial void NotTaken(string reason);
}
