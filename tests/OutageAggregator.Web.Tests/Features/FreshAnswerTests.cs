using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.TestKit.Web;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features;

/// <summary>What all reading addresses share: ETags, freshness, origins, methods.</summary>
public sealed class FreshAnswerTests
{
    private static readonly string[] s_reads =
    [
        "/api/v1/services", "/api/v1/services/chatgpt", "/api/v1/services/chatgpt/series", "/api/v1/services/chatgpt/series.csv",
        "/api/v1/incidents", "/api/v1/incidents/chatgpt-1", "/openapi/v1.json",
    ];

    private static async Task<ApiWorld> WorldAsync()
    {
        var world = await ApiWorld.StartAsync();
        await world.Story.ObserveAsync();
        await world.Story.CountAsync("chatgpt", Italy, world.Story.Now, 42);
        await world.Story.OpenAsync(Incident(At(0, 6)));
        return world;
    }

    [Fact]
    public async Task Who_holds_an_answer_is_told_so_without_a_body()
    {
        await using var world = await WorldAsync();
        foreach (var address in s_reads)
        {
            using var first = await world.SendAsync(address);
            var etag = first.Headers.ETag!.ToString();
            foreach (var held in new[] { etag, $"\"other\", {etag}", "*", etag.Replace("W/", "", StringComparison.Ordinal) })
            {
                using var again = await world.SendAsync(address, ("If-None-Match", held));
                Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
                Assert.Empty(await again.Content.ReadAsByteArrayAsync());
                Assert.Equal(etag, again.Headers.ETag!.ToString());
            }
            foreach (var other in new[] { "\"other\"", "W/\"other\"", "nonsense", "" })
            {
                using var again = await world.SendAsync(address, ("If-None-Match", other));
                Assert.Equal(HttpStatusCode.OK, again.StatusCode);
            }
        }
    }

    [Fact]
    public async Task An_ETag_stands_while_only_the_age_changes_and_falls_with_the_data_and_the_minute()
    {
        await using var world = await WorldAsync();
        await world.StopWatchingAsync();
        async Task<string> ETagAsync()
        {
            using var response = await world.SendAsync("/api/v1/services/chatgpt");
            return response.Headers.ETag!.ToString();
        }
        var etag = await ETagAsync();
        Assert.StartsWith("W/\"", etag, StringComparison.Ordinal);
        world.Story.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(etag, await ETagAsync());

        await world.Story.CountAsync("chatgpt", Spain, world.Story.Now, 1);
        world.Story.Clock.Advance(TimeSpan.FromSeconds(1));
        var changed = await ETagAsync();
        Assert.NotEqual(etag, changed);

        world.Story.Clock.Advance(TimeSpan.FromSeconds(30));
        await world.Story.ObserveAsync();
        world.Story.Clock.Advance(TimeSpan.FromSeconds(1));
        var fresh = await ETagAsync();
        Assert.NotEqual(changed, fresh);
        world.Story.Clock.Advance(TimeSpan.FromSeconds(90));
        Assert.NotEqual(fresh, await ETagAsync());
    }

    [Fact]
    public async Task The_freshness_header_is_exact_on_a_304_too()
    {
        await using var world = await WorldAsync();
        await world.StopWatchingAsync();
        using var first = await world.SendAsync("/api/v1/services/chatgpt");
        Assert.Equal("fresh;observed=@1731111630;age=0", Assert.Single(first.Headers.GetValues("Freshness")));
        world.Story.Clock.Advance(TimeSpan.FromSeconds(7));
        using var again = await world.SendAsync("/api/v1/services/chatgpt", ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("fresh;observed=@1731111630;age=7", Assert.Single(again.Headers.GetValues("Freshness")));
    }

    [Fact]
    public async Task Csv_has_a_strong_ETag()
    {
        await using var world = await WorldAsync();
        using var response = await world.SendAsync("/api/v1/services/chatgpt/series.csv");
        Assert.False(response.Headers.ETag!.IsWeak);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    public async Task Large_answers_are_compressed_for_who_takes_that(string accepted, string? encoding)
    {
        await using var world = await WorldAsync();
        foreach (var address in new[] { "/api/v1/services/chatgpt/series", "/api/v1/services/chatgpt/series.csv", "/openapi/v1.json" })
        {
            using var plain = await world.SendAsync(address);
            using var response = await world.SendAsync(address, ("Accept-Encoding", accepted));
            Assert.Equal(encoding is null ? [] : [encoding], response.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", response.Headers.Vary);
            // Other bytes under a strong ETag would be a lie.
            Assert.Equal(plain.Headers.ETag!.Tag, response.Headers.ETag!.Tag);
            Assert.True(encoding is null || response.Headers.ETag.IsWeak);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            var whole = await plain.Content.ReadAsByteArrayAsync();
            Assert.Equal(whole, Plain(bytes, encoding));
            Assert.True(encoding is null || bytes.Length < whole.Length / 2);
        }
    }

    private static byte[] Plain(byte[] bytes, string? encoding)
    {
#pragma warning disable MA0045 // In memory: there is nothing to wait for.
        using var source = new MemoryStream(bytes);
        using Stream plain = encoding switch
        {
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var whole = new MemoryStream();
        plain.CopyTo(whole);
        return whole.ToArray();
#pragma warning restore MA0045
    }

    [Fact]
    public async Task Pages_of_any_origin_may_read_and_see_the_headers_that_matter()
    {
        await using var world = await WorldAsync();
        foreach (var address in s_reads)
        {
            using var response = await world.SendAsync(address, ("Origin", "https://news.example"));
            Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
            var exposed = Assert.Single(response.Headers.GetValues("Access-Control-Expose-Headers"));
            Assert.Contains("ETag", exposed, StringComparison.Ordinal);
            Assert.Contains("Freshness", exposed, StringComparison.Ordinal);
            Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());

            using var asked = await world.SendAsync(
                HttpMethod.Options, address, ("Origin", "https://news.example"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "if-none-match"));
            Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
            Assert.Contains("If-None-Match", Assert.Single(asked.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task HEAD_answers_what_GET_does_without_the_body()
    {
        await using var world = await WorldAsync();
        foreach (var address in s_reads.Append("/healthz"))
        {
            using var get = await world.SendAsync(address);
            using var head = await world.SendAsync(HttpMethod.Head, address);
            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Headers.ETag, head.Headers.ETag);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Other_methods_are_refused_by_name()
    {
        await using var world = await WorldAsync();
        foreach (var address in s_reads)
        {
            using var response = await world.SendAsync(HttpMethod.Delete, address);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_simulated_clock_and_made_up_data_say_so_in_every_answer()
    {
        var clock = new SimulatedClock(At(0, 20).Start, 60, new ManualClock(At(0, 20).Start));
        await using var world = await WebApp.StartAsync(services =>
            services.AddSingleton<TimeProvider>(clock).AddSingleton(ServerNotice.Of(clock, demo: true)));
        var body = await world.Client.GetStringAsync("/api/v1/services");
        Assert.Contains("""
            "clock":{"simulated":true,"speed":60},"demo":true}
            """.Trim(), body, StringComparison.Ordinal);
        using var response = await world.Client.GetAsync("/api/v1/services/chatgpt/series.csv");
        Assert.EndsWith(";simulated=60.0;demo", Assert.Single(response.Headers.GetValues("Freshness")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_length_announced_is_the_length_sent()
    {
        await using var world = await WorldAsync();
        foreach (var address in s_reads)
        {
            using var response = await world.SendAsync(address);
            var body = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(response.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture), body.Length.ToString(CultureInfo.InvariantCulture));
        }
    }
}
