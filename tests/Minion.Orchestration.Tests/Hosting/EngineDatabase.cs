using Minion.Testing.Database;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A database with the schemas of orchestration and tools.</summary>
public sealed class EngineDatabase() : DatabaseFixture(OrchestrationExtensions.Migrations, ToolsMigrations.Set);
