using Minion.Models.Cache;

namespace Minion.Models.Tests.Cache.Guard;

public sealed class MeaningGuardTests
{
    [Theory]
    [InlineData("How do I install Redis 6?", "How do I install Redis 7?", "numbers")]
    [InlineData("Convert 1,000 dollars", "Convert 1000.5 dollars", "numbers")]
    [InlineData("What are three uses of salt?", "What are four uses of salt?", "numbers")]
    [InlineData("Is there any harm in fasting?", "Is there any harm in not fasting?", "negation")]
    [InlineData("Why doesn't it start?", "Why does it start?", "negation")]
    [InlineData("Tools with caching", "Tools never with caching", "negation")]
    [InlineData("How do I learn C++?", "How do I learn C#?", "signs")]
    [InlineData("What is the weather like in Paris today?", "What is the weather like in London today?", "names")]
    [InlineData("What does read_file do?", "What does write_file do?", "names")]
    [InlineData("What does 日本 mean?", "What does 東京 mean?", "names")]
    [InlineData("the report for monday", "the report for friday", "times and units")]
    [InlineData("run 5 km", "run 5 miles", "times and units")]
    [InlineData("the best way to increase the limit", "the best way to decrease the limit", "opposites")]
    [InlineData("how do i enable caching", "how do i disable caching", "opposites")]
    [InlineData("Why was the wall built?", "How was the wall built?", "kind")]
    [InlineData("Should I sell my car?", "How should I sell my car?", "kind")]
    [InlineData("How much is it?", "How long is it?", "kind")]
    [InlineData("What is your name?", "What is my name?", "owner")]
    [InlineData("How do I convert ethanol to acid?", "How do I convert acid to ethanol?", "order")]
    [InlineData("How do I cook rice?", "How do I cook rice in an oven?", "matter")]
    public void What_differs_in_one_word_that_counts_is_told_apart(string a, string b, string why)
    {
        MeaningGuard.Objection(new QuestionWords(a), new QuestionWords(b)).ShouldBe(why);
        MeaningGuard.Objection(new QuestionWords(b), new QuestionWords(a)).ShouldBe(why);
    }

    [Theory]
    [InlineData("How do I reset the password?", "how can I reset a password")]
    [InlineData("What is the best way to learn Turkish?", "How can I learn Turkish?")]
    [InlineData("What's the reason for the outage?", "Why the outage?")]
    [InlineData("What are the best exercises for the back?", "Which exercise is best for the back?")]
    [InlineData("How do I buy a phone with 2 cameras?", "How can someone purchase a phone with two cameras?")]
    [InlineData("No, it doesn't exist in version 2.10.0.", "Version 2.10.0 does not have it.")]
    [InlineData("In the summer, do bears sleep?", "Do bears sleep in the summer?")]
    [InlineData("Quel temps fait-il à Paris ?", "Quel temps fait-il à Paris")]
    [InlineData("", "")]
    public void What_means_the_same_in_other_words_agrees(string a, string b)
    {
        MeaningGuard.Objection(new QuestionWords(a), new QuestionWords(b)).ShouldBeNull();
        MeaningGuard.Agrees(b, a).ShouldBeTrue();
    }

    [Fact]
    public void Hostile_texts_take_no_time()
    {
        var started = TimeProvider.System.GetTimestamp();
        foreach (var text in new[] { new string('a', 2_000), string.Concat(Enumerable.Repeat("what is the a an ", 120)), new string('?', 2_000), string.Concat(Enumerable.Repeat("_+#", 600)), "\ud83d broken" })
        {
            MeaningGuard.Agrees(text, text + " why").ShouldBeOneOf(true, false);
            MeaningGuard.Agrees(text, text).ShouldBeTrue();
        }

        // What a pattern explodes on takes far longer than any machine is slow.
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Eventually.Patience);
    }
}
