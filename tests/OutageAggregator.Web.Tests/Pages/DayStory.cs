using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Cluster;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>
/// A server with four weeks behind it that is lived through minute by minute, on a clock that a test moves: every minute its watches look
/// once, and what people report comes as batches. It may be stopped and started again on the same data.
/// </summary>
internal sealed partial class DayStory : IAsyncDisposable
{
    internal static readonly DateTimeOffset Midnight = new(2024, 11, 9, 0, 0, 0, TimeSpan.Zero);

    private const int UsualPerMinute = 2;

    private static readonly ServiceSlug s_chatGpt = ServiceSlug.Parse("chatgpt");
    private static readonly WatchKey s_italy = new(s_chatGpt, Region.Parse("IT"));

    private readonly TemporaryFolder _folder = new();
    private readonly JumpingClock _clock = new(Midnight + TimeSpan.FromSeconds(30));
    private readonly StringBuilder _told = new();
    private WebApp? _app;
    private ulong _people;
    private uint _batches;

    /// <summary>What was said at each moment, a block each.</summary>
    internal string Told => _told.ToString();

    internal WebApp App => _app!;

    internal async Task StartAsync(bool isFirst = false)
    {
        // A page is asked for again until it is of now: on a slow machine that is more than one address may read.
        _app = await WebApp.StartAsync(
            services => services.AddSingleton<TimeProvider>(_clock).AddSingleton(new LimitSettings { ReadsPerMinute = 0 }), folder: _folder.Path);
        if (!isFirst)
            return;
        var counts = App.Services.GetRequiredService<ICountStore>();
        var (from, to) = (Minute.Of(Midnight) - (28 * Minute.PerDay), Minute.Of(Midnight));
        var cell = ReportCell.Of(ReportKind.Down, Problem.Slow, Surface.Web);
        await counts.ImportAsync(s_italy, [.. Enumerable.Range(0, to - from).Select(m => new CellCount(from + m, cell, UsualPerMinute))], default);
        await counts.ObserveAsync(new MinuteRange(from, to), default);
        await App.Services.GetRequiredService<WatchTicker>().LookAsync(default);
    }

    /// <summary>Nobody observes for some minutes.</summary>
    internal async Task StopAsync(int minutes)
    {
        await App.DisposeAsync();
        _clock.Jump(TimeSpan.FromMinutes(minutes));
        await StartAsync();
    }

    /// <summary>Lets minutes pass until a time of day, with so many reports in each.</summary>
    internal async Task LiveUntilAsync(int hour, int minute, Func<int, int>? perMinute = null)
    {
        var (watches, ticker) = (App.Services.GetRequiredService<IWatches>(), App.Services.GetRequiredService<WatchTicker>());
        for (var passed = 0; _clock.GetUtcNow() < Midnight + new TimeSpan(hour, minute, 0); passed++)
        {
            var now = _clock.GetUtcNow();
            var reports = Enumerable.Range(0, perMinute?.Invoke(passed) ?? UsualPerMinute).Select(i => new Report(
                new Reporter(11, ++_people), ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web), Minute.Of(now)));
            await watches.RecordAsync(new ReportBatch(new BatchId((UInt128)(++_batches + 1_000_000) << 64), s_italy, now, [.. reports]), default);
            _clock.Jump(TimeSpan.FromMinutes(1));
            await ticker.LookAsync(default);
        }
    }

    /// <summary>Notes what is said now: the first page, the service's and its family's, JSON, and a receipt.</summary>
    internal async Task TellAsync()
    {
        var (home, service, family) = (PageAsync("/"), PageAsync("/services/chatgpt"), PageAsync("/services/openai"));
        var json = JsonDocument.Parse(await App.Client.GetStringAsync("/api/v1/services/chatgpt")).RootElement;
        var openai = JsonDocument.Parse(await App.Client.GetStringAsync("/api/v1/services/openai")).RootElement;
        var line = string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():HH:mm} {json.GetProperty("status").GetString()}, family {openai.GetProperty("status").GetString()}")
            + (json.TryGetProperty("recent", out var recent) ? $", recent {recent.GetProperty("endedAt").GetString()}" : "");
        _ = _told.Append(line).Append('\n')
            .Append("  home: ").Append(Text(HomeHeading().Match(await home).Groups[1].Value)).Append(Extra(await home)).Append('\n')
            .Append("  page: ").Append(Title(await service)).Append(" | ").Append(Text(Lede().Match(await service).Groups[1].Value)).Append('\n')
            .Append("  family: ").Append(Text(Lede().Match(await family).Groups[1].Value)).Append('\n')
            .Append("  receipt: ").Append(await ReportAsync()).Append('\n');
    }

    /// <summary>Notes what the live feed tells who heard nothing yet.</summary>
    internal async Task ReplayAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/live");
        request.Headers.Add("Last-Event-ID", "0");
        using var answer = await App.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: the feed was not opened.");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var isOver = false;
        while (!isOver && await lines.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: {\"kind\"", StringComparison.Ordinal))
                continue;
            var told = JsonDocument.Parse(line["data: ".Length..]).RootElement;
            var kind = told.GetProperty("kind").GetString();
            isOver = kind == "resolved";
            _ = _told.Append("live ").Append(kind).Append(' ').Append(told.GetProperty("at").GetString()).Append(": ")
                .Append(told.GetProperty("incident").GetProperty("sentence").GetProperty("en").GetString()).Append('\n');
        }
        Assert.True(isOver, "The feed ended before the incident did.");
    }

    private async Task<string> ReportAsync()
    {
        using var answer = await App.Client.SendAsync(Answers.Post("/api/v1/reports", """{"service":"chatgpt"}"""));
        var receipt = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (receipt.GetProperty("counted").GetBoolean() ? "counted" : receipt.GetProperty("reason").GetString()) + ", "
            + receipt.GetProperty("situation").GetProperty("sentence").GetString();
    }

    /// <summary>A page as of now: pages are kept for a real second, and this clock runs faster.</summary>
    internal async Task<string> PageAsync(string address)
    {
        var now = $"<time datetime=\"{_clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss}Z\"";
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var page = await App.Client.GetStringAsync(address, deadline.Token);
            if (page[..page.IndexOf("<main", StringComparison.Ordinal)].Contains(now, StringComparison.Ordinal))
                return page;
            _ = await again.WaitForNextTickAsync(deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static string Extra(string home)
    {
        var section = home[home.IndexOf("data-live=\"trouble\"", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("</section>", StringComparison.Ordinal)];
        return string.Concat(SubHeading().Matches(section).Select(m => $"; {Text(m.Groups[1].Value)}: {Text(m.Groups[2].Value)}"));
    }

    private static string Title(string page) => Text(TitleOf().Match(page).Groups[1].Value).Replace(" · OutageAggregator", "", StringComparison.Ordinal);

    private static string Text(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(html, "")), " ").Trim();

    [GeneratedRegex("<h1 id=\"trouble\">(.*?)</h1>", RegexOptions.Singleline, 5_000)]
    private static partial Regex HomeHeading();

    [GeneratedRegex("<h2[^>]*>(.*?)</h2>\\s*<ul[^>]*>(.*?)</ul>", RegexOptions.Singleline, 5_000)]
    private static partial Regex SubHeading();

    [GeneratedRegex("<p class=\"lede\">(.*?)</p>", RegexOptions.Singleline, 5_000)]
    private static partial Regex Lede();

    [GeneratedRegex("<title>(.*?)</title>", RegexOptions.Singleline, 5_000)]
    private static partial Regex TitleOf();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 5_000)]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+", RegexOptions.None, 5_000)]
    private static partial Regex Spaces();
}
