using NodaTime;
using OutageAggregator.Runtime.Services;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.TestKit;

namespace OutageAggregator.Runtime.Tests.Services;

public sealed class CatalogFileTests
{
    private const string Good = """
        { "categories": [ { "code": "ai", "name": "AI" } ],
          "families": [ { "slug": "openai", "name": "OpenAI", "category": "ai", "zone": "America/New_York" } ],
          // a comment is allowed
          "services": [ { "slug": "chatgpt", "name": "ChatGPT", "category": "ai", "aliases": ["GPT"], "family": "openai", "zone": "America/New_York", "homepage": "https://chatgpt.com",
            "domains": ["chatgpt.com", "chat.openai.com"], "statusPage": "https://status.openai.com" } ] }
        """;

    [Fact]
    public async Task A_family_knows_the_services_that_name_it()
    {
        var catalog = await ReadAsync(Good);

        var family = catalog.Find(ServiceSlug.Parse("openai"))!;
        Assert.True(family.IsFamily);
        Assert.Equal([ServiceSlug.Parse("chatgpt")], family.Members);
        Assert.Equal(family.Slug, catalog.Resolve("gpt")!.Family);
        Assert.False(catalog.Resolve("gpt")!.IsFamily);
    }

    [Fact]
    public async Task A_service_has_the_domains_and_the_status_page_that_are_written()
    {
        var catalog = await ReadAsync(Good);

        var service = catalog.Find(ServiceSlug.Parse("chatgpt"))!;
        Assert.Equal(["chatgpt.com", "chat.openai.com"], service.Domains);
        Assert.Equal("https://status.openai.com", service.StatusPage);
        Assert.Equal(service, catalog.Resolve("https://www.chatgpt.com/c/123?x=1"));
        var family = catalog.Find(ServiceSlug.Parse("openai"))!;
        Assert.Empty(family.Domains);
        Assert.Null(family.StatusPage);
    }

    [Fact]
    public async Task A_domain_of_two_services_is_told_with_both()
    {
        var json = Good.Replace("\"name\": \"OpenAI\"", "\"name\": \"OpenAI\", \"domains\": [\"chatgpt.com\"]", StringComparison.Ordinal);
        var fault = await Assert.ThrowsAsync<SettingsException>(() => ReadAsync(json));
        Assert.Contains("families[0] 'openai': its domain 'chatgpt.com' is one of 'chatgpt' already", fault.Message);
    }

    [Theory]
    [InlineData("\"slug\": \"chatgpt\"", "\"slug\": \"Chat GPT\"", "services[0] 'Chat GPT': its slug must be")]
    [InlineData("\"slug\": \"chatgpt\"", "\"slug\": \"openai\"", "its slug is used twice")]
    [InlineData("\"category\": \"ai\", \"aliases\"", "\"category\": \"a1\", \"aliases\"", "services[0] 'chatgpt': its category 'a1' is none of: ai")]
    [InlineData("\"family\": \"openai\"", "\"family\": \"opena\"", "services[0] 'chatgpt': its family 'opena' is none of: openai")]
    [InlineData("\"family\": \"openai\", ", "", "families[0] 'openai': no service names this family")]
    [InlineData("\"family\": \"openai\"", "\"family\": \"openai\", \"family\": \"openai\"", "line 4: Duplicate property")]
    [InlineData("\"zone\": \"America/New_York\", \"homepage\"", "\"zone\": \"New York\", \"homepage\"", "its zone 'New York' is no IANA time zone")]
    [InlineData("https://chatgpt.com", "ftp://chatgpt.com", "its homepage 'ftp://chatgpt.com' is no http address")]
    [InlineData("[\"GPT\"]", "[\" GPT\"]", "its alias ' GPT' must have 1 to 80 characters")]
    [InlineData("[\"GPT\"]", "[\"G\\u0007PT\"]", "without control characters")]
    [InlineData("[\"GPT\"]", "\"GPT\"", "line 4: a value is of the wrong type")]
    [InlineData("\"aliases\"", "\"alias\"", "line 4: there is no field 'alias' here")]
    [InlineData("\"name\": \"ChatGPT\", ", "", "line 5: a field is missing: 'name'")]
    [InlineData("\"name\": \"ChatGPT\"", "\"name\": null", "line 4: the field 'Name' is null")]
    [InlineData("\"code\": \"ai\"", "\"code\": \"A I\"", "categories[0] 'A I': its code must be")]
    [InlineData("] }", "]", "line 5")]
    [InlineData("\"chatgpt.com\"", "\"ChatGPT.com\"", "services[0] 'chatgpt': its domain 'ChatGPT.com' must be a bare host in lower case such as chatgpt.com")]
    [InlineData("\"chatgpt.com\"", "\"https://chatgpt.com\"", "its domain 'https://chatgpt.com' must be a bare host")]
    [InlineData("\"chatgpt.com\"", "\"chatgpt.com/c\"", "without scheme, port and path")]
    [InlineData("\"chatgpt.com\"", "\"chatgpt.com:443\"", "without scheme, port and path")]
    [InlineData("\"chatgpt.com\"", "\"chatgpt\"", "its domain 'chatgpt' must be a bare host")]
    [InlineData("\"chatgpt.com\"", "\"127.0.0.1\"", "its domain '127.0.0.1' must be a bare host")]
    [InlineData("\"chatgpt.com\"", "\"-a.com\"", "its domain '-a.com' must be a bare host")]
    [InlineData("\"chatgpt.com\"", "\"a..com\"", "its domain 'a..com' must be a bare host")]
    [InlineData("\"chatgpt.com\"", "\"\"", "its domain '' must be a bare host")]
    [InlineData("\"chatgpt.com\"", "\"chat.openai.com\"", "its domain 'chat.openai.com' is one of 'chatgpt' already; leave it to one of them")]
    [InlineData("[\"chatgpt.com\", \"chat.openai.com\"]", "[\"a.co\",\"b.co\",\"c.co\",\"d.co\",\"e.co\",\"f.co\",\"g.co\",\"h.co\",\"i.co\",\"j.co\",\"k.co\",\"l.co\",\"m.co\",\"n.co\",\"o.co\",\"p.co\",\"q.co\",\"r.co\",\"s.co\",\"t.co\",\"u.co\"]", "it has 21 domains; at most 20 are allowed")]
    [InlineData("[\"chatgpt.com\", \"chat.openai.com\"]", "\"chatgpt.com\"", "line 5: a value is of the wrong type")]
    [InlineData("https://status.openai.com", "http://status.openai.com", "services[0] 'chatgpt': its status page 'http://status.openai.com' is no https address")]
    [InlineData("https://status.openai.com", "status.openai.com", "its status page 'status.openai.com' is no https address")]
    public async Task A_fault_is_told_with_its_place(string right, string wrong, string says)
    {
        Assert.Contains(right, Good);
        var fault = await Assert.ThrowsAsync<SettingsException>(() => ReadAsync(Replace(Good, right, wrong)));
        Assert.StartsWith("The catalog ", fault.Message);
        Assert.Contains(says, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task The_catalog_that_comes_with_the_product_names_real_services_once()
    {
        var catalog = await CatalogFile.LoadAsync(Path.Combine(AppContext.BaseDirectory, "catalog.json"), CancellationToken.None);

        Assert.True(catalog.Services.Count(s => !s.IsFamily) >= 600);
        Assert.True(catalog.Services.Select(s => CountryOf(s.Zone)).OfType<string>().Distinct().Count() >= 40);
        Assert.True(catalog.Categories.Length >= 8);
        Assert.All(catalog.Categories, c => Assert.Contains(catalog.Services, s => s.Category == c.Code && !s.IsFamily));
        foreach (var service in catalog.Services)
        {
            Assert.All(service.Aliases.Append(service.Name), name => Assert.Equal(service.Slug, catalog.Resolve(name)?.Slug));
            Assert.NotNull(DateTimeZoneProviders.Tzdb.GetZoneOrNull(service.Zone));
        }
        foreach (var expected in (string[])["chatgpt", "openai", "openai-api", "claude", "gemini", "whatsapp", "instagram", "aws", "cloudflare", "google", "meta", "microsoft", "amazon", "apple"])
            Assert.NotNull(catalog.Find(ServiceSlug.Parse(expected)));
        Assert.Equal("chatgpt", catalog.Search("chatgbt", 3)[0].Slug.ToString());
        Assert.Equal("x", catalog.Search("twiter", 3)[0].Slug.ToString());
    }

    [Fact]
    public async Task Each_address_of_the_catalog_has_one_public_source()
    {
        var catalog = await CatalogFile.LoadAsync(Path.Combine(AppContext.BaseDirectory, "catalog.json"), CancellationToken.None);
        var sources = (await File.ReadAllLinesAsync(ProgramProcess.RepositoryFile("data/catalog.sources.tsv")))
            .Where(line => !line.StartsWith('#') && !line.StartsWith("slug\t", StringComparison.Ordinal)).Select(line => line.Split('\t')).ToList();

        var told = catalog.Services.SelectMany(s => s.Domains.Select(d => (s.Slug.ToString(), "domain", d))
            .Concat(s.Homepage is { } home ? [(s.Slug.ToString(), "homepage", home)] : [])
            .Concat(s.StatusPage is { } status ? [(s.Slug.ToString(), "statusPage", status)] : []));
        Assert.Equal(told.Order(), sources.Select(f => (f[0], f[1], f[2])).Order());
        Assert.All(sources, f => Assert.StartsWith("https://", f[3], StringComparison.Ordinal));
    }

    private static string? CountryOf(string zone) =>
        NodaTime.TimeZones.TzdbDateTimeZoneSource.Default.ZoneLocations!.FirstOrDefault(l => l.ZoneId == zone)?.CountryCode;

    // The last occurrence: the service's own, where a family has the same field.
    private static string Replace(string text, string right, string wrong)
    {
        var at = text.LastIndexOf(right, StringComparison.Ordinal);
        return text[..at] + wrong + text[(at + right.Length)..];
    }

    private static async Task<Catalog> ReadAsync(string json)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, json);
        try
        {
            return await CatalogFile.LoadAsync(path, CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
