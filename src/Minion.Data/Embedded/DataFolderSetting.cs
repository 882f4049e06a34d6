using Microsoft.Extensions.Configuration;
using Minion.Contracts.Servers;

namespace Minion.Data.Embedded;

internal static class DataFolderSetting
{
    public const string Name = "Data:Folder";

    public static string Read(IConfiguration configuration) =>
        Path.GetFullPath(configuration[Name] is { Length: > 0 } given ? given : DataFolder.Default);
}
