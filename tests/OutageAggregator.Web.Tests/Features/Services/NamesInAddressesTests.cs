using System.Net;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Services;

/// <summary>Addresses as people and scripts write them: a service in any case or by name, a region by code, name or time zone.</summary>
public sealed class NamesInAddressesTests
{
    private const string Stretch = "from=2024-11-09T00:00:00Z&to=2024-11-09T00:20:00Z&step=1m";

    [Theory]
    [InlineData("ChatGPT")]
    [InlineData("CHATGPT")]
    [InlineData("chat%20gpt")]
    [InlineData("Chat-Gpt")]
    [InlineData("chat.openai.com")]
    public async Task A_service_is_found_on_every_address_and_answered_by_its_slug(string name)
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.OpenAsync(Incident(At(0, 6)));

        Assert.Equal("chatgpt", (await world.GetAsync($"/api/v1/services/{name}")).GetProperty("slug").GetString());
        Assert.Equal("chatgpt", (await world.GetAsync($"/api/v1/services/{name}/series?{Stretch}")).GetProperty("service").GetString());
        using var csv = await world.SendAsync($"/api/v1/services/{name}/series.csv?{Stretch}");
        Assert.Equal("chatgpt-world-1m.csv", csv.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var incidents = (await world.GetAsync($"/api/v1/incidents?service={name}")).GetProperty("items");
        Assert.Equal("chatgpt", Assert.Single(incidents.EnumerateArray()).GetProperty("service").GetString());
        Assert.Equal(HttpStatusCode.OK, await world.StatusAsync($"/api/v1/live?service={name}"));
    }

    [Theory]
    [InlineData("/api/v1/incidents/ChatGPT-1")]
    [InlineData("/api/v1/incidents/CHATGPT-1")]
    public async Task An_incident_is_found_in_any_case(string address)
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.OpenAsync(Incident(At(0, 6)));

        Assert.Equal("chatgpt-1", (await world.GetAsync(address)).GetProperty("id").GetString());
        using var page = await world.SendAsync(address.Replace("/api/v1", "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_page_of_a_list_goes_on_whatever_the_service_is_called()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.ResolveAsync(Incident(At(20, 0, -1), At(21, 0, -1)));
        await world.Story.OpenAsync(Incident(At(0, 6), number: 2));

        var next = (await world.GetAsync("/api/v1/incidents?service=ChatGPT&limit=1")).GetProperty("next").GetString();
        var rest = await world.GetAsync($"/api/v1/incidents?service=chatgpt&limit=1&cursor={Uri.EscapeDataString(next!)}");

        Assert.Equal("chatgpt-1", Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("Italy")]
    [InlineData("italia")]
    [InlineData("ITALIEN")]
    [InlineData("ita")]
    [InlineData("it")]
    [InlineData("Europe/Rome")]
    [InlineData("europe%2Frome")]
    [InlineData("%D8%A7%DB%8C%D8%AA%D8%A7%D9%84%DB%8C%D8%A7")]
    [InlineData("%E3%82%A4%E3%82%BF%E3%83%AA%E3%82%A2")]
    public async Task A_region_is_understood_wherever_it_is_asked_for(string region)
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.OpenAsync(Incident(At(0, 6), regions: Italy));

        Assert.Equal("IT", (await world.GetAsync($"/api/v1/services/chatgpt/series?{Stretch}&region={region}")).GetProperty("region").GetString());
        Assert.Single((await world.GetAsync($"/api/v1/incidents?region={region}")).GetProperty("items").EnumerateArray());
        using var page = await world.SendAsync($"/services/ChatGPT?region={region}&x=1");
        Assert.Equal(HttpStatusCode.Found, page.StatusCode);
        Assert.Equal("/services/chatgpt?x=1&region=IT", page.Headers.Location!.OriginalString);
        using var form = await world.SendAsync($"/services/chatgpt/report?region={region}");
        Assert.Contains("<option value=\"IT\" selected", await form.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Atlantis", "Send a code of ISO 3166-1 such as IT, a country's name, or a time zone such as Europe/Rome")]
    [InlineData("Itlay", "Did you mean Italy (IT)?")]
    [InlineData("Germny", "Germany (DE)")]
    [InlineData("XX", "'XX' is no country or territory that is known here.")]
    [InlineData("UTC", "'UTC' is no country")]
    [InlineData("Etc/GMT-1", "no country")]
    public async Task A_region_that_is_not_understood_is_said_and_never_read_as_the_world(string region, string hint)
    {
        await using var world = await ApiWorld.StartAsync();

        foreach (var address in (string[])["/api/v1/services/chatgpt/series", "/api/v1/incidents"])
            Assert.Contains(hint, await world.ProblemAsync($"{address}?region={region}", HttpStatusCode.BadRequest, "invalid-input", "region"), StringComparison.Ordinal);
        foreach (var address in (string[])["/services/chatgpt", "/services/chatgpt/report"])
        {
            using var page = await world.SendAsync($"{address}?region={region}", ("Accept", "text/html"));
            Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
            Assert.Contains(hint, WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        }
    }
}
