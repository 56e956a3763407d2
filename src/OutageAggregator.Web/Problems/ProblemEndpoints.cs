using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Web.Json;

namespace OutageAggregator.Web.Problems;

/// <summary><c>GET /problems</c> and <c>GET /problems/{code}</c>: what each error means, as JSON or as a page.</summary>
public static class ProblemEndpoints
{
    public static void MapProblems(this IEndpointRouteBuilder app)
    {
        app.MapGet("/problems", WriteAllAsync);
        app.MapGet("/problems/{code}", WriteOneAsync);
    }

    private static Task WriteAllAsync(HttpContext context)
    {
        if (ProblemPage.IsWanted(context.Request))
        {
            var list = new StringBuilder("<h1>Problem types</h1>");
            foreach (var type in ProblemTypes.All)
                AppendSection(list, type);
            return ProblemPage.WriteAsync(context, "Problem types", list.ToString());
        }
        return JsonBody.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            foreach (var type in ProblemTypes.All)
                Write(json, type);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static Task WriteOneAsync(HttpContext context)
    {
        var code = context.Request.RouteValues["code"] as string;
        var type = ProblemTypes.All.FirstOrDefault(t => t.Code == code);
        if (type is null)
            return new ProblemAnswer(ProblemTypes.NotFound, "No problem type has this code; /problems lists them all.").ExecuteAsync(context);
        if (!ProblemPage.IsWanted(context.Request))
            return JsonBody.WriteAsync(context, json => Write(json, type));
        var section = new StringBuilder();
        AppendSection(section, type);
        return ProblemPage.WriteAsync(context, type.Title, section.ToString());
    }

    private static void AppendSection(StringBuilder html, ProblemType type)
    {
        var encode = HtmlEncoder.Default;
        _ = html.Append("<section><h2>").Append(encode.Encode(type.Title)).Append("</h2><p><a href=\"").Append(type.Address).Append("\"><code>")
            .Append(type.Address).Append("</code></a> · ").Append(type.Status).Append("</p><p>").Append(encode.Encode(type.Explanation)).Append("</p></section>");
    }

    private static void Write(Utf8JsonWriter json, ProblemType type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type.Address);
        json.WriteString("code"u8, type.Code);
        json.WriteNumber("status"u8, type.Status);
        json.WriteString("title"u8, type.Title);
        json.WriteString("explanation"u8, type.Explanation);
        json.WriteEndObject();
    }
}
