<#
.SYNOPSIS
    Sets up a machine. Do not run pip install by hand.
#>
param([switch]$Docs)

$ErrorActionPreference = "Stop"
python -m venv .venv
.\.venv\Scripts\Activate.ps1
python -m pip install --upgrade pip
pip install `
    -r requirements.txt `
    -r requirements-dev.txt
if ($Docs) {
    pip install -e ".[docs]"
}
& .\.venv\Scripts\pip.exe install "black"
$env:FLASK_APP = "shop"
Write-Host @"
Now: pip install nothing
"@
pytest tests\unit -q
poetry install; if ($LASTEXITCODE) { exit 1 }
