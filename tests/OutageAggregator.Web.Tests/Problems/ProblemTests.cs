using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Tests.Problems;

public sealed class ProblemTests : IAsyncLifetime
{
    private WebApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await WebApp.StartAsync(map: app =>
    {
        app.MapGet("/broken", (HttpContext _) => throw new InvalidOperationException("secret detail"));
        app.MapGet("/store-gone", (HttpContext _) => throw new StoreUnavailableException("disk full"));
        app.MapGet("/number/{n:int}", (int n, int twice) => n * twice);
        app.MapPost("/takes-json", (string[] items) => items.Length);
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal($"/problems/{code}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        return problem;
    }

    [Fact]
    public async Task An_address_that_is_not_there_answers_problem_details() =>
        await ProblemAsync(await _app.Client.GetAsync("/no/such/page"), HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task What_was_asked_for_is_quoted_without_what_reorders_text()
    {
        var problem = await ProblemAsync(await _app.Client.GetAsync("/no/%E2%80%AEsuch%0Apage"), HttpStatusCode.NotFound, "not-found");
        Assert.Equal("Nothing is at /no/\uFFFDsuch\uFFFDpage.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_answers_problem_details_and_Allow()
    {
        var response = await _app.Client.DeleteAsync("/problems");
        var problem = await ProblemAsync(response, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("GET", string.Join(' ', response.Content.Headers.Allow), StringComparison.Ordinal);
        Assert.Contains("GET", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_type_that_the_framework_refuses_answers_problem_details() =>
        await ProblemAsync(await _app.Client.PostAsync("/takes-json", new StringContent("x")), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task A_parameter_that_the_framework_can_not_bind_answers_problem_details_that_name_it()
    {
        var problem = await ProblemAsync(await _app.Client.GetAsync("/number/1?twice=x"), HttpStatusCode.BadRequest, "bad-request");
        Assert.Contains("twice", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_breaks_inside_is_logged_and_not_told()
    {
        var response = await _app.Client.GetAsync("/broken");
        await ProblemAsync(response, HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("secret detail", Assert.Single(_app.Errors), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_a_503_that_says_when_to_try_again()
    {
        var response = await _app.Client.GetAsync("/store-gone");
        await ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store-unavailable");
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.StartsWith("\"reads\";q=", Assert.Single(response.Headers.GetValues("RateLimit-Policy")), StringComparison.Ordinal);
        Assert.StartsWith("\"reads\";r=", Assert.Single(response.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        Assert.Empty(_app.Errors);
    }

    [Fact]
    public async Task Every_problem_type_explains_itself_at_its_address()
    {
        foreach (var type in ProblemTypes.All)
        {
            var said = JsonDocument.Parse(await _app.Client.GetStringAsync(type.Type)).RootElement;
            Assert.Equal(type.Status, said.GetProperty("status").GetInt32());
            Assert.Equal(type.Title, said.GetProperty("title").GetString());
        }
        var all = JsonDocument.Parse(await _app.Client.GetStringAsync("/problems")).RootElement.GetProperty("items");
        Assert.Equal(ProblemTypes.All.Length, all.GetArrayLength());
        Assert.Equal(ProblemTypes.All.Length, ProblemTypes.All.Select(t => t.Code).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_browser_gets_a_page_where_a_program_gets_json()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/no/<b>such");
        request.Headers.Add("Accept", "text/html,application/xhtml+xml");
        var response = await _app.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("<b>such", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_in_answer_to_HEAD_has_no_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/no/such/page");
        var response = await _app.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }
}
