namespace Minion.Tools.BuiltIn.Files;

/// <summary>What the file tools have in common: a workspace for the call, and refusals as failures.</summary>
internal static class FileWork
{
    public const string Permission = "tools:files";

    /// <summary>How a path is said in the schemas.</summary>
    public const string PathSchema = """{ "type": "string", "minLength": 1, "maxLength": 1024, "description": "In the workspace, for example notes/today.md" }""";

    public static ValueTask<ToolOutcome> In(Workspaces workspaces, ToolCall call, Func<RootedFolder, ToolOutcome> work)
    {
        try
        {
            using var workspace = workspaces.Open(call);
            return new(work(workspace));
        }
        catch (FileRefusal refusal)
        {
            return new(refusal.Failure);
        }
    }

    /// <summary>As <see cref="In"/>, while no other call changes the workspace.</summary>
    public static ValueTask<ToolOutcome> Alone(Workspaces workspaces, ToolCall call, Func<RootedFolder, ToolOutcome> work) =>
        In(workspaces, call, workspace =>
        {
            workspace.Lock();
            return work(workspace);
        });
}
