using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OutageAggregator.Web.Tests;

/// <summary>Requests as scripts make them, and what is common to all answers.</summary>
internal static class Answers
{
    /// <summary>Checks that an answer is RFC 9457 problem details of a type, and gives them.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal($"/problems/{code}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        return problem;
    }

    /// <summary>The first message about a field.</summary>
    public static string ErrorOf(this JsonElement problem, string field) =>
        problem.GetProperty("errors").GetProperty(field)[0].GetString()!;

    /// <summary>Checks the status and gives the JSON.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    public static HttpRequestMessage Post(string address, string body, string mediaType = "application/json") =>
        Post(address, Encoding.UTF8.GetBytes(body), mediaType);

    public static HttpRequestMessage Post(string address, byte[] body, string mediaType = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        if (mediaType.Length > 0)
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return request;
    }

    public static HttpRequestMessage Put(string address, string body, string mediaType = "application/json")
    {
        var request = Post(address, body, mediaType);
        request.Method = HttpMethod.Put;
        return request;
    }

    public static HttpRequestMessage With(this HttpRequestMessage request, string header, string value)
    {
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }
}
