using Minion.Models.Providers.Local;

namespace Minion.Models.Tests.Providers.Local;

public sealed class HashedTextTests
{
    [Fact]
    public void A_vector_has_the_length_one_and_the_wanted_dimensions()
    {
        var vector = HashedText.Embed("How do I reset my password?");

        vector.Length.ShouldBe(512);
        Cosine(vector, vector).ShouldBe(1, 1e-5);
        HashedText.Embed("x", 64).Length.ShouldBe(64);
    }

    [Fact]
    public void The_same_text_gives_the_same_vector_on_every_machine()
    {
        // Stored vectors are compared with new ones: a change of these numbers needs a new name of the model.
        StableHash.Of("minion").ShouldBe(8974035119147173352UL);
        var vector = HashedText.Embed("The quick brown fox");
        var strongest = vector.Index().MaxBy(v => Math.Abs(v.Item));
        (strongest.Index, MathF.Round(strongest.Item, 4)).ShouldBe((40, 0.3805f));
    }

    [Theory]
    [InlineData("How do I reset my password?", "how do i RESET my passwords", "What is the weather in Paris?")]
    [InlineData("connecting to the database", "connections to a database", "baking bread at home")]
    [InlineData("東京の天気", "東京の天気は", "大阪で食べる")]
    public void Alike_texts_are_nearer_than_others(string text, string alike, string other) =>
        Similarity(text, alike).ShouldBeGreaterThan(Similarity(text, other) + 0.2);

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n?!…")]
    public void A_text_without_words_is_all_zero(string text) => HashedText.Embed(text).ShouldAllBe(v => v == 0);

    [Fact]
    public void Half_a_surrogate_pair_and_very_long_words_are_no_trouble()
    {
        HashedText.Embed("broken \ud83d here").ShouldAllBe(v => float.IsFinite(v));
        HashedText.Embed(new string('x', 100_000)).ShouldAllBe(v => float.IsFinite(v));
    }

    [Fact]
    public void Width_and_case_do_not_count() =>
        Similarity("Ｓｏｌａｒ ПАНЕЛЬ ÄRGER", "solar панель ärger").ShouldBe(1, 1e-5);

    private static double Similarity(string a, string b) => Cosine(HashedText.Embed(a), HashedText.Embed(b));

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
