using CacheCurve;

namespace Minion.Models.Tests.Cache;

/// <summary>Holds the figures of <c>docs/cache.md</c>, where the data is.</summary>
public sealed class CacheCurveTests
{
    [Fact]
    public async Task Of_repeated_questions_two_in_five_hit_and_one_in_a_hundred_falsely()
    {
        var workload = await RepeatedQuestions.AskAsync(Pairs.Repeats(Folder()));

        var (hits, wrong) = workload.At(CachePolicy.DefaultThreshold, guarded: true);

        hits.ShouldBeGreaterThanOrEqualTo(0.40);
        wrong.ShouldBeLessThanOrEqualTo(0.01);
    }

    [Fact]
    public void The_guard_keeps_nine_in_ten_of_the_pairs_that_only_look_alike_from_hitting()
    {
        var alike = new LookAlikes(Pairs.Questions(Folder()));

        var (bare, guarded) = (alike.At(CachePolicy.DefaultThreshold, guarded: false), alike.At(CachePolicy.DefaultThreshold, guarded: true));

        alike.Area().ShouldBeGreaterThan(0.74);
        guarded.False.ShouldBeLessThan(bare.False / 7);
        guarded.False.ShouldBeLessThan(0.02);
    }

    private static string Folder()
    {
        var path = Path.Combine(Root(), "similarity");
        Assert.SkipUnless(Directory.Exists(path), "There is no similarity in the shared data; set MINION_DATA to its folder.");
        return path;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("MINION_DATA") is { Length: > 0 } configured)
        {
            return configured;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Minion.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? "/", "shared", "data");
    }
}
