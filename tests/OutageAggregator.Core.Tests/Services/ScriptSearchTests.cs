namespace OutageAggregator.Core.Tests.Services;

/// <summary>People write a name as they hear it, in their own script.</summary>
public sealed class ScriptSearchTests
{
    [Theory]
    [InlineData("ютуб", "youtube")]
    [InlineData("ватсап", "whatsapp")]
    [InlineData("вотсап", "whatsapp")]
    [InlineData("инстаграм", "instagram")]
    [InlineData("Инстаграм не работает", "instagram")]
    [InlineData("фейсбук", "facebook")]
    [InlineData("нетфликс", "netflix")]
    [InlineData("유튜브", "youtube")]
    [InlineData("인스타그램", "instagram")]
    [InlineData("페이스북", "facebook")]
    [InlineData("텔레그램", "telegram")]
    [InlineData("넷플릭스", "netflix")]
    [InlineData("यूट्यूब", "youtube")]
    [InlineData("फेसबुक", "facebook")]
    [InlineData("टेलीग्राम", "telegram")]
    [InlineData("テレグラム", "telegram")]
    [InlineData("フェイスブック", "facebook")]
    [InlineData("らいん", "line")]
    [InlineData("ｲﾝｽﾀ", "instagram")]
    [InlineData("يوتيوب", "youtube")]
    [InlineData("فيسبوك", "facebook")]
    [InlineData("نتفلكس", "netflix")]
    [InlineData("دیسکورد", "discord")]
    [InlineData("الانستقرام", "instagram")]
    [InlineData("γιουτιουμπ", "youtube")]
    [InlineData("φέισμπουκ", "facebook")]
    [InlineData("ινσταγκραμ", "instagram")]
    [InlineData("יוטיוב", "youtube")]
    [InlineData("פייסבוק", "facebook")]
    [InlineData("אינסטגרם", "instagram")]
    [InlineData("ფეისბუქი", "facebook")]
    [InlineData("ინსტაგრამი", "instagram")]
    [InlineData("იუთუბი", "youtube")]
    [InlineData("เฟสบุ๊ค", "facebook")]
    [InlineData("เฟซบุ๊กล่ม", "facebook")]
    [InlineData("อินสตาแกรม", "instagram")]
    [InlineData("ফেসবুক", "facebook")]
    public void It_is_found_without_an_alias(string query, string slug) => Assert.Equal(slug, SearchCatalog.First(query));

    [Theory]
    [InlineData("vatsap", "whatsapp")]
    [InlineData("yutub", "youtube")]
    [InlineData("feysbuk", "facebook")]
    [InlineData("netfliks", "netflix")]
    public void So_it_is_in_Latin_letters(string query, string slug) => Assert.Equal(slug, SearchCatalog.First(query));

    [Fact]
    public void The_same_letters_are_exact_and_the_same_sound_is_a_guess()
    {
        Assert.Equal(Closeness.Exact, SearchCatalog.Closeness("инстаграм"));
        Assert.Equal(Closeness.Guess, SearchCatalog.Closeness("페이스북"));
    }

    [Theory]
    [InlineData("погода")]
    [InlineData("молоко")]
    [InlineData("날씨")]
    [InlineData("안녕하세요")]
    [InlineData("明日の天気")]
    [InlineData("ああああ")]
    [InlineData("rain")] // as which ライン is written in Latin letters
    [InlineData("नमस्ते")]
    [InlineData("قیمت دلار")]
    [InlineData("مرحبا")]
    [InlineData("😀😀😀")]
    [InlineData("שלום")]
    public void Other_words_find_nothing(string query) => Assert.Empty(SearchCatalog.Catalog.Search(query, 5));
}
