using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Faults;
using Minion.Contracts.Servers;

namespace Minion.Models.Catalog;

/// <summary>Where the operator's file of models is.</summary>
internal static class CatalogPath
{
    public const string Variable = "MINION_MODELS_FILE";

    /// <exception cref="Fault">FAILED_PRECONDITION: the setting names a file that is not there.</exception>
    public static string Read(IConfiguration configuration)
    {
        if (configuration[Variable] is not { Length: > 0 } given)
        {
            return Path.Combine(configuration["Data:Folder"] is { Length: > 0 } folder ? folder : DataFolder.Default, "models.yaml");
        }

        return File.Exists(given)
            ? Path.GetFullPath(given)
            : throw new Fault(StatusCode.FailedPrecondition, "MODELS_FILE_MISSING", $"{Variable} names the file {given}, which is not there.", "Create it, or leave the setting out.");
    }
}
