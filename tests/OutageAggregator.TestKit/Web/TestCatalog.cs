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

    private static Service Entry(string slug, string name, string category, string? family = null, params ImmutableArray<string> aliases) =>
        new(ServiceSlug.Parse(slug), name, category, aliases, family is null ? null : ServiceSlug.Parse(family), "UTC", null);
}
