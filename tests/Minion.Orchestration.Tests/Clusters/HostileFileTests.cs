namespace Minion.Orchestration.Tests.Clusters;

public sealed class HostileFileTests
{
    private const int Mebibyte = 1024 * 1024;
    // A machine may be busy; what explodes takes minutes.
    private static readonly TimeSpan Deadline = Eventually.Patience;

    public static TheoryData<string, string, string> Bombs => new()
    {
        { "anchors that double", AnchorBomb(), "aliases are not allowed" },
        { "merge keys", Files.WithAgent("<<: { model: x }"), "there is no such key" },
        { "ten megabytes", "a: " + new string('x', 10 * Mebibyte), "the file has 10,485,763 bytes; at most 1,048,576 (1 MiB) are allowed" },
        { "half a million brackets", new string('[', Mebibyte / 2), "nested more than 40 levels deep" },
        { "half a million braces", string.Concat(Enumerable.Repeat("{a: ", Mebibyte / 4)), "nested more than 40 levels deep" },
        { "deep blocks", string.Join('\n', Enumerable.Range(0, 500).Select(i => new string(' ', i) + "a:")), "nested more than 40 levels deep" },
        { "many unknown keys", string.Concat(Enumerable.Range(0, 80_000).Select(i => $"k{i}: 1\n")), "there is no such key" },
        { "one long line", "{" + string.Concat(Enumerable.Range(0, 80_000).Select(i => $"k{i}: 1, ")) + "}", "there is no such key" },
        { "one key many times", string.Concat(Enumerable.Repeat("a: 1\n", 200_000)), "stands here a second time" },
        { "long keys", string.Concat(Enumerable.Range(0, 1000).Select(i => new string('k', 900) + i + ": 1\n")), "a key must be text of 1 to 128 characters" },
        { "many agents", "agents:\n" + string.Concat(Enumerable.Repeat("- {name: a}\n", 80_000)), "has 80000 entries; at most 1000" },
        { "a long quoted text", "a: \"" + new string('"', Mebibyte / 2), "this is not YAML" },
        { "percent signs", new string('%', Mebibyte / 2), "this is not YAML" },
        { "question marks", string.Concat(Enumerable.Repeat("? ", Mebibyte / 4)), "" },
        { "dashes", string.Concat(Enumerable.Repeat("- ", Mebibyte / 4)), "nested more than 40 levels deep" },
        { "anchors only", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"k{i}: &a{i} 1\n")), "there is no such key" },
        { "references", Files.WithAgent("description: " + string.Concat(Enumerable.Repeat("${", 200_000))), "starts a variable" },
        { "reference to nothing", Files.WithAgent("description: '" + string.Concat(Enumerable.Repeat("${A:-", 150_000)) + "'"), "starts a variable" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_hostile_file_is_refused_quickly_and_in_little_memory(string what, string content, string expected)
    {
        var memory = GC.GetAllocatedBytesForCurrentThread();
        var started = TimeProvider.System.GetTimestamp();

        var errors = Files.ErrorsOf(content);

        errors.ShouldContain(e => e.Contains(expected, StringComparison.Ordinal), what);
        errors.Count.ShouldBeLessThanOrEqualTo(1000);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Deadline, what);
        (GC.GetAllocatedBytesForCurrentThread() - memory).ShouldBeLessThan(400L * Mebibyte, what);
    }

    [Fact]
    public void Shortened_texts_keep_messages_small()
    {
        var errors = Files.ErrorsOf(Files.WithAgent($"behaviour: {new string('z', 500_000)}\ntemperature: {new string('9', 300_000)}x"));

        errors.Count.ShouldBe(2);
        errors.ShouldAllBe(e => e.Length < 300);
    }

    private static string AnchorBomb() =>
        "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"));
}
