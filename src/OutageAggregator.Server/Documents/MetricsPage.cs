using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using OpenTelemetry.Metrics;
using OutageAggregator.Runtime.Services;

namespace OutageAggregator.Server.Documents;

/// <summary>
/// The page of metrics. Every part that measures is made, over Redis and with a spool so that none is left out, and none is started: then
/// <c>/metrics</c> says what there is.
/// </summary>
internal static partial class MetricsPage
{
    // What is told of each request; a histogram without a measurement does not show.
    private static readonly KeyValuePair<string, object?>[] s_request = [new("http.request.method", "GET"), new("http.response.status_code", 200), new("http.route", "/")];

    public static async Task<string> PrintAsync()
    {
        var page = new MarkdownPage(
            "Metrics",
            """
            `/metrics` is for Prometheus. It names no service and no person, so it may be public, and a look at it never asks the store. The same metrics go
            to a collector over OTLP where [`Metrics:Otlp`](settings.md#metrics) says so, under the names with dots.
            """);
        page.Table(["name", "kind", "labels", "what it is"], Rows(await ScrapeAsync()));
        return page.Section(
            "Of others",
            """
            `dotnet_…` is what .NET measures of the process: memory, garbage collection, processor time, exceptions, thread pool. Orleans' own metrics are added
            by [`Metrics:Orleans`](settings.md#metrics).
            """).ToString();
    }

    private static async Task<string> ScrapeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("outage-docs-");
        try
        {
            var settings = new AllSettings { Data = folder.FullName };
            (settings.Storage.Kind, settings.Spool.Enabled) = ("redis", true);
            using var data = await DataFolder.OpenAsync(settings.Data, demo: false, keepsKey: true);
            var builder = WebApplication.CreateSlimBuilder();
            await builder.Services.AddServerAsync(settings, await CatalogFile.LoadAsync(settings.CatalogFile, CancellationToken.None), data);
            await using var app = builder.Build();
            app.MapOutageWeb();
            _ = app.Services.GetServices<IHostedService>().Count();
            _ = app.Services.GetRequiredService<MeterProvider>();
            using var histograms = new MeterListener { InstrumentPublished = (instrument, _) => Touch(instrument) };
            histograms.Start();
            var context = new DefaultHttpContext { RequestServices = app.Services };
            using var written = new MemoryStream();
            context.Response.Body = written;
            await new ApplicationBuilder(app.Services).UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build()(context);
            return Encoding.UTF8.GetString(written.ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Touch(Instrument instrument) =>
        (instrument as Histogram<double>)?.Record(0, instrument.Name.StartsWith("http.", StringComparison.Ordinal) ? s_request : []);

    private static IEnumerable<string[]> Rows(string scraped)
    {
        foreach (Match family in Family().Matches(scraped))
        {
            var (name, kind) = (family.Groups["name"].Value, family.Groups["kind"].Value);
            if (name.StartsWith("dotnet_", StringComparison.Ordinal))
                continue;
            var labels = Label().Matches(family.Groups["samples"].Value)
                .Where(l => l.Groups["label"].Value != "le")
                .GroupBy(l => l.Groups["label"].Value, l => l.Groups["value"].Value, StringComparer.Ordinal)
                .Select(l => kind == "histogram" ? $"`{l.Key}`" : $"`{l.Key}`: {string.Join(", ", l.Distinct(StringComparer.Ordinal))}");
            yield return [$"`{name}`", kind, string.Join("; ", labels), family.Groups["help"].Value];
        }
    }

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<kind>\S+)\n(?:# HELP \S+ (?<help>.*)\n)?(?<samples>(?:[^#\n].*\n)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Family();

    [GeneratedRegex(@"(?<label>\w+)=""(?<value>[^""]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Label();
}
