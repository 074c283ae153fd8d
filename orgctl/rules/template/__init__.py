"""A CloudFormation template, asked what AWS Config would say of it: before anything is deployed.

reading.py      a file → `Template`, with the place of every resource      (sam.py: templates of SAM, expanded)
unknown.py      what only the deployment will show
resolving.py    references, functions and conditions → values, or unknown   (naming.py)
describing.py   a resource → the configuration item that AWS Config would record of it   (shapes.py: type by type)
answering.py    what a rule asks AWS for, answered from the template
checking.py     rules and templates → findings    (places.py: wherever they are deployed)
"""
