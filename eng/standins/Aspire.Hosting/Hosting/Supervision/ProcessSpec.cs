namespace Aspire.Hosting.Supervision;

/// <summary>A process to start.</summary>
internal sealed record ProcessSpec(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables, string Folder)
{
    /// <summary>Of the AppHost itself; not for what it starts.</summary>
    public static readonly string[] NotInherited = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];

    /// <summary>The program's path, looked up on PATH; null when there is none.</summary>
    public static string? Find(string program) => program.Contains('/')
        ? File.Exists(program) ? program : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
