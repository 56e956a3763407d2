namespace OutageAggregator.Core.Tests.Services;

/// <summary>Services whose names come near each other, with few aliases in other scripts: what is not one must be found without.</summary>
internal static class SearchCatalog
{
    internal static Catalog Catalog { get; } = new(
        [new Category("all", "All")],
        [
            Of("chatgpt", "ChatGPT", "Chat GPT", "GPT") with { Domains = ["chatgpt.com", "chat.openai.com"] },
            Of("openai", "OpenAI") with { Domains = ["openai.com"] },
            Of("claude", "Claude", "کلود") with { Domains = ["claude.ai"] },
            Of("whatsapp", "WhatsApp", "واتساب", "واتس اپ") with { Domains = ["whatsapp.com"] },
            Of("instagram", "Instagram", "インスタ", "انستغرام") with { Domains = ["instagram.com"] },
            Of("facebook", "Facebook", "FB") with { Domains = ["facebook.com", "fb.com"] },
            Of("messenger", "Messenger", "Facebook Messenger"),
            Of("youtube", "YouTube", "YT") with { Domains = ["youtube.com", "youtu.be"] },
            Of("telegram", "Telegram", "تلگرام", "Телеграм") with { Domains = ["telegram.org", "t.me"] },
            Of("netflix", "Netflix") with { Domains = ["netflix.com"] },
            Of("line", "LINE", "ライン"),
            Of("meituan", "Meituan", "美团"),
            Of("x", "X", "Twitter") with { Domains = ["x.com", "twitter.com"] },
            Of("google", "Google") with { Domains = ["google.com"] },
            Of("gmail", "Gmail") with { Domains = ["mail.google.com"] },
            Of("google-maps", "Google Maps"),
            Of("aws", "Amazon Web Services", "AWS") with { Domains = ["aws.amazon.com"] },
            Of("amazon", "Amazon") with { Domains = ["amazon.com"] },
            Of("microsoft-teams", "Microsoft Teams", "Teams"),
            Of("microsoft-365", "Microsoft 365", "Office 365"),
            Of("bbc-iplayer", "BBC iPlayer") with { Domains = ["bbc.co.uk"] },
            Of("deutsche-bahn", "Deutsche Bahn", "DB", "Bahn"),
            Of("ticketmaster", "Ticketmaster"),
            Of("bluesky", "Bluesky", "Blue Sky"),
            Of("bank-of-america", "Bank of America", "BofA"),
            Of("deutsche-bank", "Deutsche Bank"),
            Of("now-tv", "NOW", "NOW TV"),
            Of("o2-germany", "o2 Germany", "O2"),
            Of("vodafone-italy", "Vodafone Italy", "Vodafone Italia"),
            Of("vodafone-spain", "Vodafone Spain"),
            Of("samsung", "Samsung"),
            Of("spotify", "Spotify"),
            Of("discord", "Discord"),
            Of("tfl", "Transport for London", "TfL", "Tube"),
            Of("sky", "Sky", "Sky TV"),
            Of("sky-uk", "Sky UK", "Sky Broadband"),
            Of("o2-uk", "O2 UK", "O2 Mobile UK"),
            Of("o2-czech", "O2 Czech Republic", "O2 CZ"),
        ]);

    internal static string? First(string query) => Catalog.Search(query, 3) is [var first, ..] ? first.Slug.ToString() : null;

    internal static Closeness? Closeness(string query) => Catalog.Find(query, 1) is [var first] ? first.Closeness : null;

    private static Service Of(string slug, string name, params string[] aliases) =>
        new(ServiceSlug.Parse(slug), name, "all", [.. aliases], Family: null, "Etc/UTC", Homepage: null);
}
