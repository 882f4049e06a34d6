using Microsoft.Extensions.Options;

namespace Minion.Orchestration.Runs.Engine.Failpoints;

/// <summary>A process that can be told to kill itself must have been allowed to, in so many words.</summary>
internal sealed class FailpointOptions : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options) =>
        options is { FailpointFile.Length: > 0, AllowFailpoints: false }
            ? ValidateOptionsResult.Fail(
                "Engine:FailpointFile is set, so this process would kill itself where that file says. Take the setting away; only for tests of crashes, set Engine:AllowFailpoints=true beside it.")
            : ValidateOptionsResult.Success;
}
