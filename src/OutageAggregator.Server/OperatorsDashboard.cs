using System.Net.Http.Headers;
using System.Text;
using OutageAggregator.Web.Keys;

namespace OutageAggregator.Server;

/// <summary>
/// Orleans' dashboard for who shows a key with the scope <c>admin</c>: as a bearer, or as the password that a browser asks for, as nobody
/// can make one send a key. It only reads.
/// </summary>
internal static class OperatorsDashboard
{
    private const string Challenge = "Basic realm=\"OutageAggregator\", charset=\"UTF-8\"";

    public static void MapDashboard(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<ClusterSettings>().Dashboard)
            return;
        var answer = app.Services.GetRequiredService<KeyRing>().Require(Scopes.Admin, async (context, _) =>
        {
            await Dashboard.AnswerAsync(context);
            return null;
        });
        _ = app.MapGet(Dashboard.Path + "/{**rest}", context =>
        {
            TakePassword(context.Request.Headers);
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
                    context.Response.Headers.Append("WWW-Authenticate", Challenge);
                return Task.CompletedTask;
            });
            return answer(context);
        });
    }

    private static void TakePassword(IHeaderDictionary headers)
    {
        Span<byte> text = stackalloc byte[1024];
        if (AuthenticationHeaderValue.TryParse(headers.Authorization, out var sent)
            && "Basic".Equals(sent.Scheme, StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(sent.Parameter ?? "", text, out var length)
            && text[..length].IndexOf((byte)':') is >= 0 and var colon)
        {
            headers.Authorization = $"Bearer {Encoding.UTF8.GetString(text[(colon + 1)..length])}";
        }
    }
}
