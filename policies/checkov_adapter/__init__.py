"""The rules as custom checks of checkov: ``checkov -d DIR --external-checks-dir policies/checkov_adapter``."""
