using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace OutageAggregator.Web.Problems;

/// <summary>The same problem for a person: where a browser navigates, its Accept header names text/html, which no program of ours does.</summary>
internal static class ProblemPage
{
    internal static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    internal static Task WriteAsync(HttpContext context, ProblemAnswer answer)
    {
        var encode = HtmlEncoder.Default;
        var main = new StringBuilder();
        _ = main.Append("<h1>").Append(encode.Encode(answer.Type.Title)).Append("</h1><p>").Append(encode.Encode(answer.Detail)).Append("</p>");
        if (answer.Errors is { Items.Count: > 1 } errors)
        {
            _ = main.Append("<ul>");
            foreach (var (field, message) in errors.Items)
                _ = main.Append("<li>").Append(encode.Encode($"{field}: {message}")).Append("</li>");
            _ = main.Append("</ul>");
        }
        if (answer.Suggestions.Count > 0)
        {
            _ = main.Append("<p>Did you mean</p><ul>");
            foreach (var service in answer.Suggestions)
                _ = main.Append("<li><a href=\"/services/").Append(service.Slug).Append("\">").Append(encode.Encode(service.Name)).Append("</a></li>");
            _ = main.Append("</ul>");
        }
        _ = main.Append("<p><a href=\"").Append(answer.Type.Address).Append("\">What this means</a> · <a href=\"/\">All services</a></p>");
        return WriteAsync(context, answer.Type.Title, main.ToString());
    }

    /// <param name="context">The request that gets the page as its answer; the status is set already.</param>
    /// <param name="title">Plain text.</param>
    /// <param name="main">HTML that is safe already.</param>
    internal static Task WriteAsync(HttpContext context, string title, string main)
    {
        var page = Encoding.UTF8.GetBytes(
            "<!DOCTYPE html><html lang=\"en\" dir=\"ltr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + $"<meta name=\"robots\" content=\"noindex\"><title>{HtmlEncoder.Default.Encode(title)}</title></head><body><main>{main}</main></body></html>");
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = page.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(page, context.RequestAborted).AsTask();
    }
}
