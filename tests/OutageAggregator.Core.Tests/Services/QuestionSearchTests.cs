namespace OutageAggregator.Core.Tests.Services;

/// <summary>People don't type names, they ask.</summary>
public sealed class QuestionSearchTests
{
    [Theory]
    [InlineData("is chatgpt down?", "chatgpt")]
    [InlineData("chatgpt not working", "chatgpt")]
    [InlineData("Why can't I log in to Facebook right now??", "facebook")]
    [InlineData("ChatGPT störung", "chatgpt")]
    [InlineData("Geht WhatsApp heute nicht?", "whatsapp")]
    [InlineData("instagram down oggi", "instagram")]
    [InlineData("perché non funziona Telegram", "telegram")]
    [InlineData("تلگرام قطع است", "telegram")]
    [InlineData("چرا تلگرام وصل نمی‌شود", "telegram")]
    [InlineData("واتساب لا يعمل", "whatsapp")]
    [InlineData("هل واتساب معطل اليوم", "whatsapp")]
    [InlineData("youtube çöktü mü", "youtube")]
    [InlineData("instagram'da sorun mu var", "instagram")]
    [InlineData("インスタ 障害", "instagram")]
    [InlineData("ライン 繋がらない", "line")]
    [InlineData("whatsapp nie działa", "whatsapp")]
    [InlineData("czy netflix ma awarię", "netflix")]
    [InlineData("व्हाट्सएप बंद है", "whatsapp")]
    [InlineData("spotify kaam nahi kar raha hai", "spotify")]
    [InlineData("¿está caído whatsapp hoy?", "whatsapp")]
    [InlineData("est-ce que discord est en panne ?", "discord")]
    [InlineData("o instagram caiu? não consigo entrar", "instagram")]
    [InlineData("discord не работает", "discord")]
    [InlineData("netflix 접속 안됨", "netflix")]
    [InlineData("is x down", "x")]
    [InlineData("is now tv down now", "now-tv")]
    [InlineData("wifi vodafone italia", "vodafone-italy")]
    [InlineData("is bank of america down", "bank-of-america")]
    public void Words_that_ask_fall_away_in_every_language(string query, string slug)
    {
        Assert.Equal(slug, SearchCatalog.First(query));
        Assert.Equal(SearchCatalog.Closeness(slug == "whatsapp" && query[0] == 'व' ? "व्हाट्सएप" : slug), SearchCatalog.Closeness(query));
    }

    [Theory]
    [InlineData("#instagramdown", "instagram")]
    [InlineData("isfacebookdown", "facebook")]
    [InlineData("WhatsAppStörung", "whatsapp")]
    [InlineData("インスタ落ちてる", "instagram")]
    [InlineData("インスタが使えない", "instagram")]
    [InlineData("ライン落ちた？", "line")]
    [InlineData("الواتساب معطل", "whatsapp")]
    [InlineData("بالتلگرام", "telegram")]
    public void They_fall_away_from_words_that_are_joined(string query, string slug)
    {
        Assert.Equal(slug, SearchCatalog.First(query));
        Assert.Equal(Closeness.Exact, SearchCatalog.Closeness(query));
    }

    [Theory]
    [InlineData("whatsapp web", "whatsapp")]
    [InlineData("aws us-east-1", "aws")]
    [InlineData("netflix tv app samsung", "netflix")]
    [InlineData("why is whatsapp not sending photos", "whatsapp")]
    [InlineData("facebook marketplace listing", "facebook")]
    [InlineData("twitter spaces audio", "x")]
    [InlineData("vodafone italia fibra", "vodafone-italy")]
    [InlineData("ChatGPT Vorlesefunktion geht nicht", "chatgpt")]
    [InlineData("美团外卖", "meituan")]
    [InlineData("インスタ動画", "instagram")]
    public void A_word_that_nobody_knows_is_no_veto(string query, string slug) => Assert.Equal(slug, SearchCatalog.First(query));

    [Theory]
    [InlineData("vodafone station", "vodafone-italy", "vodafone-spain")]
    [InlineData("whatsap stories", "whatsapp")]
    [InlineData("instgram reels", "instagram")]
    public void What_comes_near_beside_it_is_a_guess(string query, params string[] slugs)
    {
        Assert.Equal(slugs, SearchCatalog.Catalog.Search(query, 5).Select(s => s.Slug.ToString()));
        Assert.Equal(Closeness.Guess, SearchCatalog.Closeness(query));
    }

    [Theory]
    [InlineData("chatgpt", "chatgpt")]
    [InlineData("Is ChatGPT down?", "chatgpt")]
    [InlineData("facebook messenger", "messenger")] // and not Facebook
    [InlineData("google", "google")] // and not Google Maps
    [InlineData("amazon down", "amazon")]
    [InlineData("now", "now-tv")]
    [InlineData("O2 Störung", "o2-germany")]
    [InlineData("chatgpt.com", "chatgpt")]
    [InlineData("chatgpt or claude", null)]
    [InlineData("chatgtp", null)]
    [InlineData("whatsapp stickers", null)]
    [InlineData("vodafone", null)]
    [InlineData("deutsche", null)]
    [InlineData("down", null)]
    [InlineData("", null)]
    public void One_service_is_asked_for_where_nothing_else_is(string query, string? slug) =>
        Assert.Equal(slug, SearchCatalog.Catalog.Asked(query)?.Slug.ToString());

    [Theory]
    [InlineData("now not working", "now-tv")]
    [InlineData("now", "now-tv")]
    [InlineData("is now down", null)]
    [InlineData("is it down now", null)]
    public void A_name_that_also_asks_is_one_where_a_question_begins_with_it(string query, string? slug) => Assert.Equal(slug, SearchCatalog.First(query));

    [Theory]
    [InlineData("chatgpt claude", "chatgpt", "claude")]
    [InlineData("is netflix or spotify down", "spotify", "netflix")]
    public void Who_asks_for_two_gets_both(string query, params string[] slugs) =>
        Assert.Equal(slugs.Order(StringComparer.Ordinal), SearchCatalog.Catalog.Search(query, 5).Select(s => s.Slug.ToString()).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("now t", "now-tv")]
    [InlineData("bank of am", "bank-of-america")]
    [InlineData("micorsoft te", "microsoft-teams")]
    [InlineData("goog", "google")]
    [InlineData("open", "openai")]
    [InlineData("dis", "discord")]
    public void What_is_not_typed_to_its_end_is_found(string query, string slug) => Assert.Equal(slug, SearchCatalog.First(query));
}
