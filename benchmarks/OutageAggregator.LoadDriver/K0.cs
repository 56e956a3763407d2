using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// The reference program: a Kestrel endpoint that parses the body of a report (source-generated), checks it and increments a counter in
/// memory. Nothing that accepts reports over Kestrel can be faster than about this.
/// </summary>
internal static partial class K0
{
    private static long s_count;

    internal static async Task<int> ServeAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, K0Json.Default));
        await using var app = builder.Build();
        app.MapPost("/api/v1/reports", (K0Report report) =>
            report.Service is not { Length: > 0 and <= 48 } || report.Region is { Length: not 2 }
                ? Results.BadRequest()
                : Results.Json(new K0Answer(Interlocked.Increment(ref s_count), true), K0Json.Default.K0Answer, statusCode: 202));
        await app.StartAsync(cancellation);
        Console.WriteLine(app.Urls.First());
        // Whoever started it closes its input to end it.
        _ = await Console.In.ReadToEndAsync(cancellation);
        return 0;
    }

    internal sealed record K0Report(string? Service, string? Problem, string? Surface, string? Region, string? Kind);

    internal sealed record K0Answer(long Id, bool Counted);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(K0Report))]
    [JsonSerializable(typeof(K0Answer))]
    internal sealed partial class K0Json : JsonSerializerContext;
}
