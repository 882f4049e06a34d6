using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Minion.Orchestration.Tests;

/// <summary>Texts that programs trip over, from <c>../shared/data/naughty-strings</c>.</summary>
internal static class NaughtyStrings
{
    public static IReadOnlyList<string> Load()
    {
        var file = Path.Combine(RepositoryRoot(), "..", "shared", "data", "naughty-strings", "blns.json");
        Assert.SkipUnless(File.Exists(file), "../shared/data/naughty-strings/blns.json is not there");
        return JsonSerializer.Deserialize<string[]>(File.ReadAllText(file))!;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "")
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Minion.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? Path.GetDirectoryName(thisFile)!;
    }
}
