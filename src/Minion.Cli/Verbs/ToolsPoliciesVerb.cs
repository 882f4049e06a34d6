using System.CommandLine;
using System.Text.Json.Nodes;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Cli.Tools;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

/// <summary>Under which conditions tools are called.</summary>
internal static class ToolsPoliciesVerb
{
    public static Command Create(Terminal terminal)
    {
        var policies = List("policies", "Lists the policies for tools.", terminal);
        policies.Add(List("list", "The same as minion tools policies.", terminal));
        policies.Add(Show(terminal));
        policies.Add(Set(terminal));
        policies.Add(Remove(terminal));
        return policies;
    }

    private static Argument<string> Name() => new("tools") { Description = "The name of a tool, with * for any characters." };

    private static Command List(string name, string description, Terminal terminal)
    {
        var limit = Paging.Limit();
        return new Command(name, description) { limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                Paging.Write(
                    invocation,
                    await ReadAsync(connection, invocation.Get(limit), cancellation),
                    ["tools", "cluster", "policy"],
                    policy => [policy.Name, policy.Cluster, Phrases.Short(JsonOutput.Brief(policy.Policy), 100)],
                    "No policies.");
                return ExitCodes.Ok;
            });
    }

    private static Command Show(Terminal terminal)
    {
        var name = Name();
        return new Command("show", "Shows a policy, and which cluster declares it.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var policy = await FindAsync(connection, invocation.Get(name)!, cancellation)
                    ?? throw new CliFailure(ExitCodes.Refused, "tool_policy_not_found", $"There is no policy '{invocation.Get(name)}'.", "minion tools policies lists them.");
                if (invocation.Json)
                {
                    terminal.Document(policy);
                }
                else
                {
                    terminal.Properties(
                    [
                        ("tools", policy.Name),
                        ("cluster", policy.Cluster.Length > 0 ? $"{policy.Cluster}; its file says what the policy is" : ""),
                        ("changed", Phrases.Ago(policy.UpdatedAt, terminal.Time.GetUtcNow())),
                        .. JsonNode.Parse(JsonOutput.Brief(policy.Policy))!.AsObject().Select(said => (said.Key, said.Value!.ToJsonString(JsonOutput.Compact).Trim('"'))),
                    ]);
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Set(Terminal terminal)
    {
        var name = Name();
        var options = new PolicyOptions();
        var command = new Command("set", "Adds a policy, or changes that of the same name: what is not given stays as it is.") { name };
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        return command.Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var policy = await options.FileAsync(invocation, cancellation)
                ?? (await FindAsync(connection, invocation.Get(name)!, cancellation))?.Policy ?? new ToolPolicy();
            options.Fill(invocation, policy);
            var request = new SetPolicyRequest { Policy = new NamedPolicy { Name = invocation.Get(name)!, Policy = policy } };
            var response = await connection.ToolRegistry.SetPolicyAsync(request, connection.Call(cancellation));
            invocation.Done(response.Policy, $"policy {response.Policy.Name} declared");
            return ExitCodes.Ok;
        });
    }

    private static Command Remove(Terminal terminal)
    {
        var name = Name();
        return new Command("remove", "Removes a policy; one of a cluster is removed in the cluster's file.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.ToolRegistry.RemovePolicyAsync(new RemovePolicyRequest { Name = invocation.Get(name)! }, connection.Call(cancellation));
                invocation.Done(response, $"policy {invocation.Get(name)} removed");
                return ExitCodes.Ok;
            });
    }

    private static Task<IReadOnlyList<NamedPolicy>> ReadAsync(Connection connection, int limit, CancellationToken cancellation) =>
        Paging.ReadAsync(limit, async (size, token) =>
        {
            var page = await connection.ToolRegistry.ListPoliciesAsync(new ListPoliciesRequest { PageSize = size, PageToken = token }, connection.Call(cancellation));
            return (page.Policies, page.NextPageToken);
        });

    private static async Task<NamedPolicy?> FindAsync(Connection connection, string name, CancellationToken cancellation) =>
        (await ReadAsync(connection, int.MaxValue, cancellation)).FirstOrDefault(policy => policy.Name == name);
}
