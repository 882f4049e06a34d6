using System.CommandLine;
using System.Globalization;
using Google.Protobuf.Collections;
using Minion.Cli.Schedules;
using Minion.Contracts.Tools.V1;
using RuleAction = Minion.Contracts.Tools.V1.ToolRule.Types.Action;
using When = Minion.Contracts.Tools.V1.ToolApproval.Types.When;

namespace Minion.Cli.Tools;

/// <summary>What a policy says, as options; what each may be, the server says.</summary>
internal sealed class PolicyOptions
{
    private readonly Option<string?> _file = new("--file", "-f") { Description = "A JSON file with the whole policy, as minion tools policies show -o json writes it; - is standard input.", HelpName = "file" };
    private readonly Option<string?> _timeout = Durations.Option("--timeout", "For one attempt.");
    private readonly Option<int?> _retries = new("--retries") { Description = "Further attempts after a failure that may pass.", HelpName = "number" };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Calls at a time in one process.", HelpName = "number" };
    private readonly Option<string?> _rate = new("--rate") { Description = "Calls in a period: 60/1m.", HelpName = "calls/period" };
    private readonly Option<string?> _cache = Durations.Option("--cache", "For how long a result answers the same call again; 0s for never.");
    private readonly Option<double?> _cost = new("--cost") { Description = "US dollars a call.", HelpName = "usd" };
    private readonly Option<int?> _resultLimit = new("--result-limit") { Description = "Bytes of a result; longer ones are kept aside and read in pages.", HelpName = "bytes" };
    private readonly Option<string?> _effect = Words("--effect", "What a call changes, where the tool does not say it.", "read_only", "idempotent", "side_effect");
    private readonly Option<bool?> _reversible = new("--reversible") { Description = "What it changes can be undone.", HelpName = "true|false" };
    private readonly Option<bool?> _untrusted = new("--untrusted") { Description = "Results come from where anybody may write.", HelpName = "true|false" };
    private readonly Option<string?> _approval = new("--approval") { Description = "Whether a person is asked first: never, always, first_time, or a condition such as 'amount > 100'.", HelpName = "when" };
    private readonly Option<string[]> _require = Many("--require", "The call is made only when this holds: 'path under /work'.", "condition");
    private readonly Option<string[]> _deny = Many("--deny", "The call is not made when this holds.", "condition");
    private readonly Option<string[]> _approve = Many("--approve", "A person is asked when this holds.", "condition");
    private readonly Option<string[]> _permissions = Many("--permission", "What the caller needs.", "name");
    private readonly Option<string[]> _capabilities = Many("--capability", "What the calling agent must be declared to be capable of.", "name");
    private readonly Option<string[]> _allowed = Many("--allow-agent", "Only these agents, with * for any characters.", "name");
    private readonly Option<string[]> _denied = Many("--deny-agent", "Not these agents, whatever else is said.", "name");
    private readonly Option<string[]> _masked = Many("--mask", "A JSON Pointer to an argument that the audit hides.", "pointer");
    private readonly Option<string?> _status = Words("--status", "What the tools are.", "draft", "review", "approved", "deprecated");
    private readonly Option<string?> _instead = new("--use") { Description = "With --status deprecated: the tool to use instead.", HelpName = "tool" };

    public PolicyOptions() => _rate.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var given }] && Rate(given) is null)
        {
            result.AddError($"'{given}' is not a rate such as 60/1m.");
        }
    });

    public IEnumerable<Option> All =>
    [
        _file, _timeout, _retries, _concurrency, _rate, _cache, _cost, _resultLimit, _effect, _reversible, _untrusted, _approval, _require, _deny, _approve,
        _permissions, _capabilities, _allowed, _denied, _masked, _status, _instead,
    ];

    /// <summary>The policy of the file; null when none is given.</summary>
    public async Task<ToolPolicy?> FileAsync(Invocation invocation, CancellationToken cancellation) =>
        invocation.Get(_file) is { } file ? await PolicyFile.ReadAsync(invocation.Terminal, file, cancellation) : null;

    /// <summary>Puts what is given in the place of what was there. Lists are given whole.</summary>
    public void Fill(Invocation invocation, ToolPolicy policy)
    {
        if (Durations.Parse(invocation.Get(_timeout)) is { } timeout)
        {
            policy.TimeoutMs = (int)Math.Min(int.MaxValue, timeout.Seconds * 1000);
        }

        if (Durations.Parse(invocation.Get(_cache)) is { } cache)
        {
            policy.CacheSeconds = (int)cache.Seconds;
        }

        Set(invocation.Get(_retries), value => policy.Retries = value);
        Set(invocation.Get(_concurrency), value => policy.Concurrency = value);
        Set(invocation.Get(_cost), value => policy.CostUsd = value);
        Set(invocation.Get(_resultLimit), value => policy.ResultLimit = value);
        Set(invocation.Get(_reversible), value => policy.Reversible = value);
        Set(invocation.Get(_untrusted), value => policy.Untrusted = value);
        policy.Rate = Rate(invocation.Get(_rate)) ?? policy.Rate;
        policy.Effect = invocation.Get(_effect) is { } effect ? Enum.Parse<Effect>(effect.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : policy.Effect;
        policy.Status = invocation.Get(_status) is { } status ? Enum.Parse<ToolStatus>(status, ignoreCase: true) : policy.Status;
        policy.Replacement = invocation.Get(_instead) ?? policy.Replacement;
        policy.Approval = invocation.Get(_approval) is { } when ? Approval(when) : policy.Approval;
        Replace(policy.Permissions, invocation.Get(_permissions));
        Replace(policy.Capabilities, invocation.Get(_capabilities));
        Replace(policy.AllowedAgents, invocation.Get(_allowed));
        Replace(policy.DeniedAgents, invocation.Get(_denied));
        Replace(policy.MaskedArguments, invocation.Get(_masked));
        Replace(
            policy.Rules,
            [.. Rules(invocation.Get(_require), RuleAction.Require), .. Rules(invocation.Get(_deny), RuleAction.Deny), .. Rules(invocation.Get(_approve), RuleAction.Approve)]);
    }

    private static RateLimit? Rate(string? text) =>
        text?.Split('/') is [var calls, var period] && int.TryParse(calls, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Durations.Parse(period) is { } time
            ? new RateLimit { Calls = number, PeriodSeconds = (int)time.Seconds }
            : null;

    private static ToolApproval Approval(string when) => when switch
    {
        "never" => new() { When = When.Never },
        "always" => new() { When = When.Always },
        "first_time" => new() { When = When.FirstTime },
        _ => new() { When = When.Condition, Condition = when },
    };

    private static IEnumerable<ToolRule> Rules(string[]? conditions, RuleAction action) => (conditions ?? []).Select(condition => new ToolRule { Action = action, Condition = condition });

    private static void Set<T>(T? given, Action<T> set)
        where T : struct
    {
        if (given is { } value)
        {
            set(value);
        }
    }

    private static void Replace<T>(RepeatedField<T> list, T[]? given)
    {
        if (given is { Length: > 0 })
        {
            list.Clear();
            list.Add(given);
        }
    }

    private static Option<string?> Words(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static Option<string[]> Many(string name, string description, string help) => new(name) { Description = description + " May be repeated.", HelpName = help };
}
