using System.Net;
using System.Text.RegularExpressions;
using OutageAggregator.TestKit.Web;

namespace OutageAggregator.Web.Tests.Pages;

public sealed partial class ReportFormPageTests
{
    [Fact]
    public async Task The_form_as_it_stands_is_counted_thanked_and_can_be_taken_back_once()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var fields = Fields(await app.PageAsync("/services/claude/report"), "It's down for me");

        using var posted = await PostAsync(app, "/api/v1/reports", fields);
        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        var thanks = await app.PageAsync(posted.Headers.Location!.OriginalString);
        Assert.Contains("Thank you, it&#x27;s counted", thanks, StringComparison.Ordinal);
        Assert.Contains("Yours is the only report of the last 15 minutes so far", thanks, StringComparison.Ordinal);

        var withdraw = Forms().Matches(thanks).Single(m => m.Groups[1].Value.EndsWith("/withdraw", StringComparison.Ordinal));
        using var taken = await PostAsync(app, withdraw.Groups[1].Value, Inputs(withdraw.Value));
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        Assert.Contains("Taken back", await app.PageAsync(taken.Headers.Location!.OriginalString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_press_is_told_that_it_is_counted_already()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var fields = Fields(await app.PageAsync("/services/claude"), "It's down for me");
        using var first = await PostAsync(app, "/api/v1/reports", fields);

        using var second = await PostAsync(app, "/api/v1/reports", fields);

        Assert.Contains("You are already counted", await app.PageAsync(second.Headers.Location!.OriginalString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Back_for_me_is_a_form_of_its_own()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var fields = Fields(await app.PageAsync("/services/claude"), "It's back for me");

        using var posted = await PostAsync(app, "/api/v1/reports", fields);

        Assert.Contains("works again", await app.PageAsync(posted.Headers.Location!.OriginalString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_is_said_by_the_form_of_the_receipt_and_each_thing_is_asked_for_once()
    {
        var (app, clock) = await PageWorld.StartAsync();
        await using var owned = app;
        var fields = Fields(await app.PageAsync("/services/claude/report"), "It's down for me").Where(f => f.Key != "surface").Append(new("surface", "web"));
        using var posted = await PostAsync(app, "/api/v1/reports", fields);
        var address = posted.Headers.Location!.OriginalString;
        Assert.EndsWith("&told=surface#receipt", address, StringComparison.Ordinal);
        var receipt = await app.PageAsync(address);
        Assert.Contains("<h1 id=\"receipt\" tabindex=\"-1\">", receipt, StringComparison.Ordinal);
        Assert.Equal(["problem", "region", "comment", "wentTo", "wentToWorked"], Asked(receipt));
        var form = Forms().Matches(receipt).Single(m => m.Groups[1].Value.Contains("/details?token=", StringComparison.Ordinal));
        // Nothing is chosen beforehand: what was not said is not added.
        Assert.DoesNotContain("checked", form.Value, StringComparison.Ordinal);

        using var added = await PostAsync(app, WebUtility.HtmlDecode(form.Groups[1].Value), [new("problem", "login"), new("region", "IT"), new("comment", ""), new("wentTo", "Gemini"), new("wentToWorked", "false")]);
        Assert.Equal(HttpStatusCode.SeeOther, added.StatusCode);
        var thanks = await app.PageAsync(added.Headers.Location!.OriginalString);
        Assert.Contains("Thank you, it&#x27;s added", thanks, StringComparison.Ordinal);
        Assert.Equal(["comment"], Asked(thanks));
        // It stays at its address, and asks no more when nothing can be added any more.
        clock.Jump(TimeSpan.FromMinutes(31));
        var later = await app.PageAsync(address);
        Assert.Contains("Take the report back", later, StringComparison.Ordinal);
        Assert.Empty(Asked(later));
    }

    [Fact]
    public async Task The_receipt_of_back_for_me_asks_nothing_and_one_with_a_wrong_token_is_none()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        using var posted = await PostAsync(app, "/api/v1/reports", [new("service", "claude"), new("kind", "back")]);
        var address = posted.Headers.Location!.OriginalString;

        var receipt = await app.PageAsync(address);
        var forged = await app.PageAsync(address.Replace("token=", "token=x", StringComparison.Ordinal));

        Assert.Contains("You said that Claude works again for you. <span id=\"others-now\">Nobody reported trouble with it in the last 15 minutes.</span>", receipt, StringComparison.Ordinal);
        Assert.Empty(Asked(receipt));
        Assert.DoesNotContain("Thank you", forged, StringComparison.Ordinal);
        Assert.DoesNotContain("data-told", forged, StringComparison.Ordinal);
    }

    private static string[] Asked(string html) => [.. FieldNames().Matches(html).Select(m => m.Groups[1].Value)];

    [Fact]
    public async Task The_answer_to_one_visitor_is_kept_nowhere()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.GetAsync("/services/claude/report?reported=duplicate&kind=down");

        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    private static async Task<HttpResponseMessage> PostAsync(WebApp app, string address, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        return await app.Client.SendAsync(request);
    }

    /// <summary>What a browser without scripts sends for the form with a button: hidden inputs that are enabled, chosen radios, the select.</summary>
    private static List<KeyValuePair<string, string>> Fields(string html, string button) =>
        Inputs(Forms().Matches(html).Single(m => WebUtility.HtmlDecode(m.Value).Contains(button, StringComparison.Ordinal)).Value);

    private static List<KeyValuePair<string, string>> Inputs(string form)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (Match input in InputTags().Matches(form))
        {
            var tag = input.Value;
            if (Regex.IsMatch(tag, @"\sdisabled[\s>]", RegexOptions.None, TimeSpan.FromMinutes(1))
                || (tag.Contains("type=\"radio\"", StringComparison.Ordinal) && !Regex.IsMatch(tag, @"\schecked[\s>=]", RegexOptions.None, TimeSpan.FromMinutes(1))))
            {
                continue;
            }
            fields.Add(new(Attribute(tag, "name"), Attribute(tag, "value")));
        }
        if (form.Contains("<select", StringComparison.Ordinal))
            fields.Add(new("region", ""));
        return fields;
    }

    private static string Attribute(string tag, string name) =>
        WebUtility.HtmlDecode(Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromMinutes(1)).Groups[1].Value);

    [GeneratedRegex("<form action=\"([^\"]+)\" method=\"post\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("data-field=\"([^\"]+)\"")]
    private static partial Regex FieldNames();

    [GeneratedRegex("<input [^>]*>")]
    private static partial Regex InputTags();
}
