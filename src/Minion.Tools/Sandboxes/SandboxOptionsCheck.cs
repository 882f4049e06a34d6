using Microsoft.Extensions.Options;
using Minion.Tools.Sandboxes.Network;

namespace Minion.Tools.Sandboxes;

/// <summary>What the ranges of <see cref="SandboxOptions"/> do not say.</summary>
internal sealed class SandboxOptionsCheck : IValidateOptions<SandboxOptions>
{
    private const int MostFolders = 100;

    public ValidateOptionsResult Validate(string? name, SandboxOptions options)
    {
        var problems = AllowedHosts.Problems(options)
            .Concat(options.ReadOnlyFolders.Where(folder => !folder.StartsWith('/') || folder.Trim('/').Length == 0)
                .Select(folder => $"{SandboxOptions.Section}:ReadOnlyFolders has '{folder}', which is no absolute path of a folder below the root."))
            .ToList();
        if (options.ReadOnlyFolders.Count > MostFolders)
        {
            problems.Add($"{SandboxOptions.Section}:ReadOnlyFolders has {options.ReadOnlyFolders.Count} entries; at most {MostFolders} are allowed.");
        }

        if (options.TimeoutSeconds > options.LongestTimeoutSeconds)
        {
            problems.Add($"{SandboxOptions.Section}:TimeoutSeconds is {options.TimeoutSeconds}; it must not be more than LongestTimeoutSeconds, which is {options.LongestTimeoutSeconds}.");
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
