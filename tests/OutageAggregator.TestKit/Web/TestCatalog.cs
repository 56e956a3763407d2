namespace OutageAggregator.TestKit.Web;

/// <summary>A small catalog with a family, aliases and names that come near each other.</summary>
public static class TestCatalog
{
    /// <param name="chatGpt">The name of ChatGPT, for tests of names.</param>
    public static Catalog Create(string chatGpt = "ChatGPT") => new(
        [new Category("ai", "AI assistants"), new Category("social", "Social and messaging"), new Category("cloud", "Cloud and hosting")],
        [
            Entry("openai", "OpenAI", "ai", aliases: ["open ai"]) with { Members = [ServiceSlug.Parse("chatgpt"), ServiceSlug.Parse("openai-api")] },
            Entry("chatgpt", chatGpt, "ai", "openai", "chat gpt", "gpt", "chat.openai.com"),
            Entry("openai-api", "OpenAI API", "ai", "openai"),
            Entry("claude", "Claude", "ai", null, "claude.ai", "anthropic"),
            Entry("gemini", "Gemini", "ai", null, "bard"),
            Entry("whatsapp", "WhatsApp", "social", null, "whats app"),
            Entry("telegram", "Telegram", "social", null, "télégram"),
            Entry("aws", "Amazon Web Services", "cloud", null, "amazon cloud"),
        ]);

    /// <summary>Gemini, and so many services beside it that each test can have one which nobody has reported: claude-1, "Claude 1", and so on.</summary>
    public static Catalog OfClaudes(int services) => new(
        [new Category("ai", "AI assistants")],
        [Entry("gemini", "Gemini", "ai"), .. Enumerable.Range(1, services).Select(n => Entry($"claude-{n}", $"Claude {n}", "ai"))]);

    /// <summary>ChatGPT among so many services that a page of all of them has to be careful. Their names are of chance, which are harder to compress than those of the world.</summary>
    public static Catalog OfHundreds(int services = 840)
    {
        var chance = new Random(840);
        string[] codes = ["ai", "social", "messaging", "work", "cloud", "banks", "carriers", "streaming", "games", "shopping", "government", "home"];
        string Word() => string.Concat(Enumerable.Range(0, 3 + chance.Next(8)).Select(_ => (char)('a' + chance.Next(26))));
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (names.Count < services - 1)
            _ = names.Add(chance.Next(3) == 0 ? $"{Word()} {Word()}" : Word());
        return new Catalog(
            codes.Select(c => new Category(c, char.ToUpperInvariant(c[0]) + c[1..])),
            names.Select(n => Entry(n.Replace(' ', '-'), char.ToUpperInvariant(n[0]) + n[1..], codes[Math.Min(chance.Next(24), 11)]))
                .Append(Entry("chatgpt", "ChatGPT", "ai")));
    }

    private static Service Entry(string slug, string name, string category, string? family = null, params ImmutableArray<string> aliases) =>
        new(ServiceSlug.Parse(slug), name, category, aliases, family is null ? null : ServiceSlug.Parse(family), "UTC", null);
}
